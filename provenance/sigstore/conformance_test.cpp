#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/text.h"
#include "provenance/crypto/test_reference.h"
#include "provenance/sigstore/verify.h"

// The bundles of sigstore-conformance and of other clients' tests, which lie beside
// the source tree.
using namespace assay;
using namespace assay::provenance;
using testing::has_shared_material;
using testing::read_shared;
using testing::shared_path;

namespace {

constexpr std::string_view kIdentity =
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
constexpr std::string_view kIssuer = "https://token.actions.githubusercontent.com";

bool is_there(const std::string& name) { return std::filesystem::exists(shared_path(name)); }

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string read_or(const std::string& name, std::string_view otherwise) {
  return is_there(name) ? trimmed(read_shared(name)) : std::string(otherwise);
}

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

TrustedRoot root_in(const std::string& name) {
  Checks checks;
  const std::string text = read_shared(name);
  auto root = parse_trusted_root(as_bytes(text), checks);
  REQUIRE(root.has_value());
  return *root;
}

ArtifactDigests digest_alone(Bytes content) {
  return {{{HashKind::sha256, digest_of(HashKind::sha256, content)}}, {}};
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
  const std::string folder = "conformance/" + name + "/";
  const std::string artifact =
      read_shared(is_there(folder + "artifact") ? folder + "artifact" : "conformance/a.txt");
  const TrustedRoot root =
      root_in(is_there(folder + "trusted_root.json") ? folder + "trusted_root.json"
                                                     : "trust-roots/public-good-trusted_root.json");
  BundleVerification how;
  how.root = &root;
  if (by_path) {
    how.artifact = ArtifactDigests{{}, as_bytes(artifact)};
  } else {
    how.artifact = digest_alone(as_bytes(artifact));
  }
  if (is_there(folder + "key.pub")) {
    auto key = PublicKey::from_pem(as_bytes(read_shared(folder + "key.pub")));
    if (!key) {
      Evidence evidence;
      evidence.checks.fail("key.parse", key.error().message);
      return evidence;
    }
    how.key = std::move(*key);
  } else {
    how.identity = IdentityPolicy{read_or(folder + "identity", kIdentity),
                                  read_or(folder + "issuer", kIssuer)};
  }
  const std::string bundle = read_shared(folder + "bundle.sigstore.json");
  return verify_bundle(as_bytes(bundle), how);
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
