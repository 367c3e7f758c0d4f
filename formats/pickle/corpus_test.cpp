#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What is told of a nested pickle is a scan's affair, not that of one format.
bool is_nested(const Parse& parsed, const std::string& file) {
  return file.starts_with("malicious/nested/") && !parsed.context.members.empty();
}

// `told` is "module.name" of a callee, "import module.name" or "anomaly code".
bool tells(const Parse& parsed, const std::string& told) {
  if (told.starts_with("anomaly ")) return parsed.context.has_anomaly(told.substr(8));
  for (const std::string& import : imports(parsed)) {
    if (told == "import " + import) return true;
  }
  for (const Call& call : parsed.context.all<Call>()) {
    if (told == dotted(call.callee) || call.expression.starts_with(told + '(')) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("of every hostile pickle of the corpus the call is told") {
  const std::string root = ASSAY_SOURCE_DIR "/corpus/pickle/";
  std::istringstream table(read_file(root + "hostile.tsv"));
  std::string line;
  std::getline(table, line);
  int rows = 0;
  while (std::getline(table, line)) {
    const std::string file = line.substr(0, line.find('\t'));
    const std::string row = line.substr(0, line.rfind('\t'));
    const std::string told = row.substr(row.rfind('\t') + 1);
    CAPTURE(line);
    const std::string bytes = read_file(root + file);
    REQUIRE_FALSE(bytes.empty());
    const auto head = raw(bytes);
    CHECK(pickle::format.identify({.head = head, .size = head.size()}) != Confidence::none);
    const Parse parsed = parse(bytes);
    CHECK((tells(parsed, told) || is_nested(parsed, file)));
    if (file.starts_with("malformed/")) CHECK_FALSE(parsed.result.has_value());
    ++rows;
  }
  CHECK(rows > 300);
}
