#include "scanner/verdict.h"

#include <catch2/catch.hpp>

using namespace assay;

namespace {

ScanResult with(std::vector<Severity> severities, bool gap) {
  ScanResult result;
  Artifact file{.path = "a.zip"};
  Artifact member{.path = "a.zip!/b"};
  if (gap) member.gaps.push_back({"a.zip!/b", ParseErrc::truncated, "cut", 3});
  file.members.push_back(member);
  result.files.push_back(file);
  for (const Severity severity : severities) {
    result.findings.push_back({.rule = "R", .severity = severity, .path = "a.zip!/b"});
  }
  return result;
}

}  // namespace

TEST_CASE("the worst of findings and gaps decides status and exit code") {
  struct Row {
    std::vector<Severity> severities;
    bool gap;
    Status status;
    int exit_code;
  };
  const Row row =
      GENERATE(Row{{}, false, Status::safe, 0}, Row{{Severity::low}, false, Status::safe, 0},
               Row{{Severity::medium}, false, Status::caution, 0},
               Row{{Severity::low, Severity::high}, false, Status::suspicious, 1},
               Row{{Severity::critical}, false, Status::unsafe, 1}, Row{{}, true, Status::error, 2},
               Row{{Severity::medium}, true, Status::caution, 2},
               Row{{Severity::high}, true, Status::suspicious, 1});
  ScanResult result = with(row.severities, row.gap);
  decide(result, {});
  CHECK(result.files[0].status == row.status);
  CHECK(result.files[0].members[0].status == row.status);
  CHECK(result.exit_code == row.exit_code);
  CHECK(result.summary.gaps == (row.gap ? 1 : 0));
}

TEST_CASE("the threshold and the leave to be incomplete are the user's") {
  ScanResult medium = with({Severity::medium}, false);
  decide(medium, {.fail_on = Severity::medium});
  CHECK(medium.verdict == Verdict::fail);
  ScanResult critical = with({Severity::critical}, false);
  decide(critical, {.fail_on = std::nullopt});
  CHECK(critical.exit_code == kExitPass);
  ScanResult gap = with({}, true);
  decide(gap, {.allow_incomplete = true});
  CHECK(gap.exit_code == kExitPass);
  CHECK(gap.verdict == Verdict::incomplete);
}

TEST_CASE("nothing looked at is not the same as nothing found") {
  ScanResult nothing;
  decide(nothing, {});
  CHECK(nothing.exit_code == kExitNothing);
  ScanResult left_out;
  left_out.files.push_back({.path = "a", .left_out = true});
  decide(left_out, {});
  CHECK(left_out.exit_code == kExitNothing);
  CHECK(left_out.files[0].status == Status::unscanned);
}
