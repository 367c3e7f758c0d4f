#include <catch2/catch.hpp>

#include <sstream>

#include "core/text.h"
#include "provenance/crypto/test_reference.h"
#include "provenance/sigstore/test_cases.h"

// The bundles of sigstore-conformance and of other clients' tests, which lie beside
// the source tree.
using namespace assay;
using namespace assay::provenance;
using testing::has_shared_material;
using testing::read_shared;

namespace {

// Rows of tab-separated cells without the first.
std::vector<std::vector<std::string>> table(const std::string& name) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(read_shared(name));
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '\t');) cells.push_back(cell);
    cells.resize(std::max<std::size_t>(cells.size(), 5));
    rows.push_back(cells);
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

std::string verdict(const Evidence& evidence) {
  return evidence.state() == "verified" ? "accept" : "reject";
}

// The class of the verdict, and nothing for one that accepts.
std::string class_of(const Evidence& evidence) {
  if (const Check* failure = evidence.checks.first_failure()) return failure->name;
  if (const Check* open = evidence.checks.first(Outcome::unknown)) return open->name;
  return "";
}

std::string all_of(const Evidence& evidence) {
  std::string text;
  for (const Check& check : evidence.checks.list()) {
    text += check.name + ": " + std::string(to_string(check.outcome)) + " " + check.message + "\n";
  }
  return text;
}

// Whether one of the classes that `cell` names is `name`.
bool names_class(std::string_view cell, std::string_view name) {
  if (name.empty()) return cell.empty();
  for (auto at = cell.find(name); at != std::string_view::npos; at = cell.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool starts = at == 0 || cell[at - 1] == ' ' || cell[at - 1] == '(';
    const bool ends = end == cell.size() || cell[end] == ' ' || cell[end] == ')';
    if (starts && ends) return true;
  }
  return false;
}

// As the suite calls its client. A key that does not parse ends before verification.
Evidence verify_case(const std::string& name, bool by_path) {
  const testing::ConformanceCase given(name, by_path);
  if (!given.key_problem) return verify_bundle(as_bytes(given.bundle), given.how);
  Evidence evidence;
  evidence.checks.fail("key.parse", *given.key_problem);
  return evidence;
}

}  // namespace

TEST_CASE("the cases of the conformance suite are judged as they should be, for their reason") {
  if (!has_shared_material()) {
    WARN("the conformance cases are not here");
    return;
  }
  const auto rows = table("conformance/expected.tsv");
  REQUIRE(rows.size() == 47);
  for (const auto& row : rows) {
    for (const bool by_path : {true, false}) {
      const Evidence evidence = verify_case(row[0], by_path);
      CAPTURE(row[0], by_path, all_of(evidence));
      CHECK(verdict(evidence) == row[1]);
      CHECK(names_class(row[2], class_of(evidence)));
    }
  }
}
