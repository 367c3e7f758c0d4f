#include "scanner/policy/suppress.h"

#include <catch2/catch.hpp>

#include "scanner/policy/evaluate.h"
#include "scanner/policy/test_records.h"
#include "scanner/verdict.h"

using namespace assay;
using namespace assay::policy;
using namespace assay::policy::test;

namespace {

Policy suppressing(const std::string& rule, const std::string& path, const std::string& more = "") {
  const auto policy = read_policy("version = 1\n[[suppress]]\nrule = \"" + rule + "\"\npath = \"" +
                                  path + "\"\nreason = \"seen\"\nexpires = 2026-05-28\n" + more);
  REQUIRE(policy);
  return *policy;
}

ScanResult found(const std::string& rule, const std::string& path) {
  ScanResult result = scan_of({"m/a.pt"}, {});
  result.files[0].members.push_back({.path = "m/a.pt!/d/x.pkl", .sha256 = std::string(64, '2')});
  result.findings.push_back({.rule = rule, .severity = Severity::critical, .path = path});
  return result;
}

bool suppresses(const Policy& policy, const std::string& rule, const std::string& path,
                std::int64_t now = kNow) {
  ScanResult result = found(rule, path);
  suppress(policy, now, result, result.findings);
  CHECK(result.findings.size() + result.suppressed.size() == 1);
  return result.findings.empty();
}

}  // namespace

TEST_CASE("a suppression takes one rule, and the paths that its pattern fits") {
  struct Row {
    const char* pattern;
    const char* path;
    bool fits;
  };
  const Row row =
      GENERATE(Row{"m/a.pt", "m/a.pt", true}, Row{"*.pt", "m/a.pt!/d/x.pkl", true},
               Row{"m/a.pt!/d/*", "m/a.pt!/d/x.pkl", true}, Row{"m/a.pt!/d/*", "m/a.pt", false},
               Row{"m/b.pt", "m/a.pt", false}, Row{"x.pkl", "m/a.pt!/d/x.pkl", true},
               Row{"m/*", "m/a.pt!/d/x.pkl", true});
  CAPTURE(row.pattern, row.path);
  CHECK(suppresses(suppressing("PKL-EXEC-001", row.pattern), "PKL-EXEC-001", row.path) == row.fits);
  CHECK_FALSE(suppresses(suppressing("PKL-EXEC-001", row.pattern), "PKL-EXEC-002", row.path));
}

TEST_CASE("with a digest, other content is not meant") {
  const auto of = [](char digit) {
    return suppressing("PKL-EXEC-001", "**", "sha256 = \"" + std::string(64, digit) + "\"\n");
  };
  CHECK(suppresses(of('1'), "PKL-EXEC-001", "m/a.pt"));
  CHECK(suppresses(of('1'), "PKL-EXEC-001", "m/a.pt!/d/x.pkl"));
  CHECK(suppresses(of('2'), "PKL-EXEC-001", "m/a.pt!/d/x.pkl"));
  CHECK_FALSE(suppresses(of('2'), "PKL-EXEC-001", "m/a.pt"));
  CHECK_FALSE(suppresses(of('3'), "PKL-EXEC-001", "m/a.pt"));
}

TEST_CASE("a suppression counts to the end of its last day, then it says that it is over") {
  const Policy policy = suppressing("PKL-EXEC-001", "**");
  const std::int64_t end = 1'780'012'800;  // 2026-05-29T00:00:00Z
  CHECK(suppresses(policy, "PKL-EXEC-001", "m/a.pt", end - 1));
  CHECK_FALSE(suppresses(policy, "PKL-EXEC-001", "m/a.pt", end));
  const auto rules = RuleSet::built_in();
  REQUIRE(rules);
  ScanResult result = found("PKL-EXEC-001", "m/a.pt");
  apply(policy, {.now = end, .repository = {}, .trust_root_date = {}}, *rules, result);
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[1].rule == "POL-SUPP-001");
  CHECK(result.findings[1].severity == Severity::low);
  CHECK_FALSE(result.policy_failed);
}

TEST_CASE("what is suppressed is kept with its reason, and no longer fails") {
  const auto rules = RuleSet::built_in();
  REQUIRE(rules);
  ScanResult result = found("PKL-EXEC-001", "m/a.pt");
  apply(suppressing("PKL-EXEC-001", "**"), {.now = kNow, .repository = {}, .trust_root_date = {}},
        *rules, result);
  decide(result, {});
  CHECK(result.exit_code == kExitPass);
  CHECK(result.files[0].status == Status::safe);
  REQUIRE(result.suppressed.size() == 1);
  CHECK(result.suppressed[0].evidence ==
        std::vector<Evidence>{{"suppressed", "seen"}, {"suppressed-until", "2026-05-28"}});
}

TEST_CASE("a policy can suppress what it objects to itself") {
  const auto rules = RuleSet::built_in();
  REQUIRE(rules);
  Policy policy = suppressing("POL-SIGN-001", "m/a.pt", "[[provenance]]\nrequire = \"oms\"\n");
  ScanResult result = scan_of({"m/a.pt"}, {});
  apply(policy, {.now = kNow, .repository = {}, .trust_root_date = {}}, *rules, result);
  CHECK(result.findings.empty());
  CHECK(result.suppressed.size() == 1);
  CHECK_FALSE(result.policy_failed);
}
