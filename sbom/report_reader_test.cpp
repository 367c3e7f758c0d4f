#include <catch2/catch.hpp>

#include "sbom/report.h"
#include "tests/support/report_samples.h"

using namespace assay;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("a report that was read back renders alike in every format") {
  const auto format = GENERATE(ReportFormat::text, ReportFormat::json, ReportFormat::jsonl,
                               ReportFormat::sarif, ReportFormat::cyclonedx, ReportFormat::markdown,
                               ReportFormat::junit, ReportFormat::github);
  for (const auto& [name, result] : test::report_samples()) {
    if (name == "large") continue;  // as "many", but slow in a debug build
    CAPTURE(name);
    auto again = read_report(render(result, ReportFormat::json, {}));
    REQUIRE(again.has_value());
    again->rules = result.rules;
    for (const int width : {60, 100}) {
      const RenderOptions options{.width = width, .verbose = width == 100, .source_date_epoch = 7};
      CHECK((render(result, format, options) == render(*again, format, options)));
    }
  }
}

TEST_CASE("a report that is not as the schema has it is malformed and says where") {
  const std::string good = render(test::ordinary_result(), ReportFormat::json, {});
  const auto [what, by, complaint] = GENERATE(table<const char*, const char*, const char*>(
      {{"\"fail\"", "\"clean\"", "verdict"},
       {"\"exit_code\": 1", "\"exit_code\": -1", "exit_code"},
       {"\"exit_code\": 1", "\"exit_code\": 256", "exit_code"},
       {"\"sha256\": \"aa", "\"sha256\": \"AA", "sha256"},
       {"\"size\": 4096", "\"size\": 1e3", "size"},
       {"\"size\": 4096", "\"size\": 18446744073709551616", "JSON"},
       {"\"facts\": {}", "\"facts\": []", "facts"},
       {"\"facts\": {}", "\"facts\": {\"calls\": [1]}", "calls"},
       {"\"facts\": {}", "\"facts\": {\"left_out\": {\"calls\": \"x\"}}", "left_out"},
       {"\"facts\": {}", "\"facts\": {\"tensors\": {\"count\": 1}}", "parameters"},
       {"\"facts\": {}", "\"facts\": {\"metadata\": {\"a\": 1}}", "metadata"},
       {"\"files\": [", "\"files\": [7,", "files"},
       {"\"members\": []", "\"members\": null", "members"},
       {"\"encrypted\"", "\"bored\"", "reason"},
       {"\"severity\": \"critical\"", "\"severity\": \"CRITICAL\"", "severity"},
       {"\"suppressed\"", "\"SUPPRESSED\"", "suppressed"},
       {"\"uri\"", "\"URI\"", "uri"},
       {"\"sandbox_missing\": []", "\"sandbox_missing\": \"landlock\"", "sandbox_missing"},
       {"\"sandbox_missing\": []", "\"sandbox_missing\": [1]", "sandbox_missing"},
       {"{", "[", "JSON"}}));
  CAPTURE(what, by);
  const auto result = read_report(replaced(good, what, by));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ParseErrc::malformed);
  if (std::string_view(complaint) != "JSON") {
    CHECK_THAT(result.error().message, Catch::Contains("'" + std::string(complaint) + "'"));
  }
}

TEST_CASE("what is no report is refused") {
  CHECK(read_report({}).error().code == ParseErrc::malformed);
  CHECK(read_report("").error().code == ParseErrc::malformed);
  CHECK(read_report("[]").error().code == ParseErrc::malformed);
  CHECK(read_report("\"\xff\"").error().code == ParseErrc::malformed);
  CHECK(read_report("{} trailing").error().code == ParseErrc::malformed);
  CHECK(read_report(nested(5'000)).error().code == ParseErrc::over_budget);
  CHECK(read_report(R"({"schema_version": "2.0"})").error().code == ParseErrc::unsupported);
}

TEST_CASE("members that a later version adds are passed over") {
  const std::string good = render(test::ordinary_result(), ReportFormat::json, {});
  const auto result = read_report(replaced(replaced(good, "\"1.0\"", "\"1.7\""), "\"files\": [",
                                           "\"later\": {\"a\": [1.5, null]}, \"files\": ["));
  REQUIRE(result.has_value());
  CHECK(render(*result, ReportFormat::json, {}) == good);
}

TEST_CASE("a report from before the missing layers were told is read as naming none") {
  const std::string now = render(test::ordinary_result(), ReportFormat::json, {});
  const std::string sandbox = "\"sandbox\": \"full\"";
  const std::size_t start = now.find(sandbox) + sandbox.size();
  const std::string older = std::string(now).erase(start, now.find('}', start) - start);
  REQUIRE(older.find("sandbox_missing") == std::string::npos);
  const auto result = read_report(older);
  REQUIRE(result.has_value());
  CHECK(result->tool.sandbox_missing.empty());
  CHECK(render(*result, ReportFormat::json, {}) == now);
}

TEST_CASE("every member of every artifact at any depth is read") {
  for (const auto& [name, sample] : test::report_samples()) {
    if (name != "deep") continue;
    const auto result = read_report(render(sample, ReportFormat::json, {}));
    REQUIRE(result.has_value());
    const Artifact* artifact = &result->files.back();
    int depth = 0;
    for (; !artifact->members.empty(); ++depth) artifact = &artifact->members.front();
    CHECK(depth == 59);
  }
}
