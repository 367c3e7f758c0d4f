#include "scanner/policy/evaluate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scanner/policy/evidence_words.h"
#include "scanner/policy/test_records.h"
#include "scanner/verdict.h"

using namespace assay;
using namespace assay::policy;
using namespace assay::policy::test;
using Strings = std::vector<std::string>;

namespace {

Policy policy_of(const std::string& text) {
  auto policy = read_policy("version = 1\n" + text);
  CAPTURE(text);
  if (!policy) FAIL(policy.error().message);
  return *policy;
}

// "path code" of everything that the policy objects to.
Strings objected(const std::string& text, const ScanResult& result, const Context& context) {
  Strings out;
  for (const Objection& o : evaluate(policy_of(text), result, context)) {
    out.push_back(o.path + " " + o.code.substr(o.code.find('.') + 1));
  }
  std::ranges::sort(out);
  return out;
}

Strings objected(const std::string& text, const ScanResult& result) {
  return objected(text, result, {.now = kNow, .repository = {}, .trust_root_date = {}});
}

const std::string kOms = "[[provenance]]\nrequire = \"oms\"\n";
const std::string kMe = std::string("[[provenance.signer]]\nidentity = \"") + kIdentity +
                        "\"\nissuer = \"" + kIssuer + "\"\n";

}  // namespace

TEST_CASE("a required signature must be there, and cover every file") {
  CHECK(objected(kOms, scan_of({"a", "model.sig"}, {record("model.sig", {"a"})})).empty());
  CHECK(objected(kOms, scan_of({"a", "b"}, {})) == Strings{". evidence-missing"});
  CHECK(objected(kOms, scan_of({"a"}, {})) == Strings{"a evidence-missing"});
  CHECK(objected(kOms, scan_of({"a", "b", "model.sig"}, {record("model.sig", {"a"})})) ==
        Strings{"b not-covered"});
  CHECK(objected(kOms, scan_of({"a"}, {record("a.sigstore", {"a"}, "sigstore-bundle")})) ==
        Strings{"a evidence-missing"});
}

TEST_CASE("only files that are covered are: every other state leaves them out") {
  for (int i = 0; i <= static_cast<int>(provenance::CoverageState::weights_absent); ++i) {
    EvidenceRecord one = record("model.sig", {"a", "b"});
    one.evidence.coverage[1].state = static_cast<provenance::CoverageState>(i);
    const bool covered = i == static_cast<int>(provenance::CoverageState::covered);
    CAPTURE(i);
    CHECK(objected(kOms, scan_of({"a", "b"}, {one})).empty() == covered);
  }
}

TEST_CASE("what may be uncovered is a list, and giving it replaces git's own files") {
  const ScanResult result =
      scan_of({"a", ".gitattributes", "doc/README.md", "s"}, {record("s", {"a"})});
  CHECK(objected(kOms, result) == Strings{"doc/README.md not-covered"});
  CHECK(objected(kOms + "may_be_uncovered = \"README.md\"\n", result) ==
        Strings{".gitattributes not-covered"});
}

TEST_CASE("all kinds of require, and one of require_any") {
  const ScanResult both =
      scan_of({"a", "s", "l"}, {record("s", {"a", "l"}), listing("l", {"a", "s"})});
  const ScanResult one = scan_of({"a", "s"}, {record("s", {"a"})});
  const std::string all = "[[provenance]]\nrequire = [\"oms\", \"hub-listing\"]\n";
  const std::string any = "[[provenance]]\nrequire_any = [\"oms\", \"hub-listing\"]\n";
  CHECK(objected(all, both).empty());
  CHECK(objected(all, one) == Strings{". evidence-missing"});
  CHECK(objected(any, one).empty());
  // One file by a signature, the other by the listing.
  CHECK(objected(any, scan_of({"a", "b"}, {record("s", {"a"}), listing("l", {"b"})})).empty());
}

TEST_CASE("every entry that fits a file must hold for it") {
  const std::string two = "[[provenance]]\npath = \"models/**\"\nrequire = \"oms\"\n" +
                          std::string("[[provenance]]\nrequire = \"hub-listing\"\n");
  const ScanResult signed_only = scan_of({"models/a", "b"}, {record("models/s", {"models/a"})});
  CHECK(objected(two, signed_only) == Strings{". evidence-missing"});
  // No file fits: nothing is demanded.
  CHECK(objected("[[provenance]]\npath = \"x/**\"\nrequire = \"oms\"\n", signed_only).empty());
}

TEST_CASE("entries by repository hold for that one, and for one nobody named") {
  const std::string text = "[[provenance]]\nrepository = \"acme/*\"\nrequire = \"oms\"\n";
  const ScanResult result = scan_of({"a"}, {});
  const auto context = [](std::optional<std::string> name) {
    return Context{.now = kNow, .repository = std::move(name), .trust_root_date = {}};
  };
  CHECK(objected(text, result, context("acme/m")) == Strings{"a evidence-missing"});
  CHECK(objected(text, result, context("acme2/m")).empty());
  CHECK(objected(text, result, context(std::nullopt)) == Strings{"a evidence-missing"});
}

TEST_CASE("no state but verified satisfies a demand for a signer") {
  const auto with = [](int outcome, bool has_signer, bool checked, std::string kind) {
    EvidenceRecord r = record("s", {"a"}, std::move(kind));
    if (outcome == 1) r.evidence.checks.fail("x", "");
    if (outcome == 2) r.evidence.checks.cannot("x", "");
    if (outcome == 3) r.evidence.checks.warn("x", "");
    if (!has_signer) r.evidence.signer.reset();
    r.evidence.signer_checked = checked;
    return r;
  };
  const std::vector<std::string> kinds{
      "signature", "oms",          "sigstore-bundle", "slsa",      "in-toto",     "cms",
      "cosign",    "sshsig",       "git-commit",      "listing",   "hub-listing", "hub-download",
      "hub-cache", "hub-snapshot", "git-clone",       "oci-layout"};
  int verified = 0;
  for (const std::string& word : kinds) {
    REQUIRE(is_evidence_word(word));
    const std::string kind = word == "signature" ? "oms" : word == "listing" ? "hub-listing" : word;
    for (const std::string& who : {std::string(), kMe}) {
      if (!who.empty() && proof_of(word) == Proof::integrity) continue;
      for (int i = 0; i < 16; ++i) {
        const EvidenceRecord r = with(i / 4, (i & 1) != 0, (i & 2) != 0, kind);
        const std::string state(r.evidence.state());
        const bool accepted =
            objected("[[provenance]]\nrequire = \"" + word + "\"\n" + who, scan_of({"a"}, {r}))
                .empty();
        CAPTURE(word, state, i);
        if (proof_of(word) == Proof::signer) {
          CHECK(accepted == (state == "verified"));
          verified += accepted;
        } else {
          CHECK(accepted == (state != "rejected" && state != "unchecked"));
        }
      }
    }
  }
  CHECK(verified > 0);
}

TEST_CASE("the signer must be one of the entry's, byte by byte") {
  struct Row {
    const char* what;
    bool allowed;
    void (*change)(provenance::Evidence&);
  };
  const std::vector<Row> rows{
      {"as named", true, [](provenance::Evidence&) {}},
      {"another identity", false, [](auto& e) { e.signer->identity = "you@x.test"; }},
      {"longer", false, [](auto& e) { e.signer->identity += "x"; }},
      {"another issuer", false, [](auto& e) { e.signer->issuer = "https://issuer.test/"; }},
      {"a certificate that names itself so", false, [](auto& e) { e.method = "certificate"; }},
  };
  for (const Row& row : rows) {
    EvidenceRecord r = record("s", {"a"});
    row.change(r.evidence);
    CAPTURE(row.what);
    CHECK(objected(kOms + kMe, scan_of({"a"}, {r})) ==
          (row.allowed ? Strings{} : Strings{"s signer-not-allowed"}));
  }
}

TEST_CASE("nobody was named: signed by anybody is told so") {
  EvidenceRecord r = record("s", {"a"});
  r.evidence.signer_checked = false;
  CHECK(objected(kOms, scan_of({"a"}, {r})) == Strings{"s signer-not-allowed"});
  EvidenceRecord rejected = record("s", {"a"});
  rejected.evidence.checks.fail("tlog.set", "");
  CHECK(objected(kOms, scan_of({"a"}, {rejected})) == Strings{"s evidence-missing"});
}

TEST_CASE("another signature by somebody else does no harm, unless a file has only that") {
  EvidenceRecord mine = record("s", {"a"});
  EvidenceRecord other = record("t", {"a"});
  other.evidence.signer->identity = "you@x.test";
  CHECK(objected(kOms + kMe, scan_of({"a"}, {mine, other})).empty());
  other.evidence.coverage.push_back({"b", provenance::CoverageState::covered});
  CHECK(objected(kOms + kMe, scan_of({"a", "b"}, {mine, other})) ==
        Strings{"b not-covered", "t signer-not-allowed"});
}

TEST_CASE("claims are exact, and all of them must be made") {
  const std::string claims = kOms + kMe +
                             "claims = { build_trigger = \"push\", "
                             "runner_environment = \"github-hosted\" }\n";
  EvidenceRecord r = record("s", {"a"});
  CHECK(objected(claims, scan_of({"a"}, {r})) == Strings{"s signer-not-allowed"});
  r.evidence.signer->claims = {{"build_trigger", "push"}};
  CHECK(objected(claims, scan_of({"a"}, {r})) == Strings{"s signer-not-allowed"});
  r.evidence.signer->claims.push_back({"runner_environment", "github-hosted"});
  CHECK(objected(claims, scan_of({"a"}, {r})).empty());
}

TEST_CASE("keys count by fingerprint, anchors by the very file they led to") {
  const std::string by_key =
      kOms + "[[provenance.signer]]\nfingerprint = \"" + std::string(64, 'a') + "\"\n";
  EvidenceRecord r = record("s", {"a"}, "oms", "key");
  r.evidence.signer->identity.clear();
  CHECK(objected(by_key, scan_of({"a"}, {r})).empty());
  r.evidence.signer->fingerprint = std::string(64, 'b');
  CHECK(objected(by_key, scan_of({"a"}, {r})) == Strings{"s signer-not-allowed"});

  Policy anchored = policy_of(kOms + "[[provenance.signer]]\nanchor = \"ca.pem\"\n");
  const Context context{.now = kNow, .repository = {}, .trust_root_date = {}};
  EvidenceRecord chained = record("s", {"a"}, "oms", "certificate");
  chained.evidence.properties.emplace_back("anchor", anchor_id("PEM"));
  // Not loaded: an anchor that nobody read is led to by nobody.
  CHECK(evaluate(anchored, scan_of({"a"}, {chained}), context).size() == 1);
  anchored.provenance[0].signers[0].pem = "PEM";
  CHECK(evaluate(anchored, scan_of({"a"}, {chained}), context).empty());
  anchored.provenance[0].signers[0].pem = "ANOTHER";
  CHECK(evaluate(anchored, scan_of({"a"}, {chained}), context).size() == 1);
}

TEST_CASE("a signer's dates are judged by verified times only") {
  const std::string window = kOms + kMe + "from = 2026-01-01\nuntil = 2026-01-31\n";
  struct Row {
    std::vector<std::int64_t> times;
    bool allowed;
  };
  const std::int64_t first = 1'767'225'600;  // 2026-01-01T00:00:00Z
  const std::int64_t end = first + 31 * 86'400;
  const std::vector<Row> rows{
      {{}, false},    {{first}, true},       {{first - 1}, false},      {{end - 1}, true},
      {{end}, false}, {{first, end}, false}, {{first, first + 1}, true}};
  for (const Row& row : rows) {
    EvidenceRecord r = record("s", {"a"});
    for (const std::int64_t time : row.times) r.evidence.times.push_back({"rekor", "log", time});
    // What evidence says of itself is no time.
    r.evidence.properties.emplace_back("signature_time", std::to_string(first));
    CAPTURE(row.times);
    CHECK(objected(window, scan_of({"a"}, {r})) == (row.allowed ? Strings{} : Strings{"s time"}));
  }
}

TEST_CASE("times and logs are counted by who vouches") {
  EvidenceRecord r = record("s", {"a"});
  r.evidence.times = {{"rekor", "log", 1}, {"rekor", "log", 2}};
  r.evidence.properties = {{"log_id", "aa"}, {"log_id", "aa"}};
  const auto demands = [&](const std::string& line) {
    return objected(kOms + line + "\n", scan_of({"a"}, {r}));
  };
  CHECK(demands("min_times = 1").empty());
  CHECK(demands("min_times = 2") == Strings{"s time"});
  CHECK(demands("time_sources = \"rekor\"").empty());
  CHECK(demands("time_sources = [\"rekor\", \"rfc3161\"]") == Strings{"s time"});
  CHECK(demands("min_logs = 1").empty());
  CHECK(demands("min_logs = 2") == Strings{"s logs"});
  r.evidence.times.push_back({"rfc3161", "tsa", 1});
  CHECK(demands("min_times = 2").empty());
}

TEST_CASE("builds: the builder, the source, and each material") {
  EvidenceRecord r = record("s", {"a"}, "slsa");
  r.evidence.properties = {
      {"builder_id", "B"},
      {"source_repository", "R"},
      {"source_ref", "main"},
      {"base_model", "hf://o/b gitCommit:ab sha256:" + std::string(64, 'd')},
      {"dependency", "sha256:" + std::string(64, 'f')}};
  const auto demands = [&](const std::string& line) {
    return objected("[[provenance]]\nrequire = \"slsa\"\n" + line + "\n", scan_of({"a"}, {r}));
  };
  CHECK(demands("builder = [\"A\", \"B\"]\nsource_repository = \"R\"\nsource_ref = \"main\"")
            .empty());
  CHECK(demands("builder = \"BB\"") == Strings{"s builder"});
  CHECK(demands("source_repository = \"RR\"") == Strings{"s build-source"});
  CHECK(demands("source_ref = \"dev\"") == Strings{"s build-source"});
  CHECK(demands("dependencies = \"sha256:" + std::string(64, 'd') + "\"").empty());
  CHECK(demands("dependencies = \"sha256:" + std::string(64, 'e') + "\"") ==
        Strings{"s build-dependency"});
  // What a material is called is no digest of it, nor is the beginning of one.
  CHECK(demands("dependencies = \"sha256:" + std::string(64, 'f') + "\"") ==
        Strings{"s build-dependency"});
  r.evidence.properties.emplace_back("dependency", "x sha256:" + std::string(65, 'e'));
  CHECK(demands("dependencies = \"sha256:" + std::string(64, 'e') + "\"") ==
        Strings{"s build-dependency"});
  // Two sources: both must be wanted.
  r.evidence.properties.emplace_back("source_repository", "R2");
  CHECK(demands("source_repository = \"R\"") == Strings{"s build-source"});
  CHECK(demands("source_repository = [\"R\", \"R2\"]").empty());
}

TEST_CASE("who is denied counts for nothing, and is told") {
  const auto deny = [](const std::string& line) {
    return "[[deny]]\nreason = \"stolen\"\n" + line + "\n";
  };
  EvidenceRecord r = record("s", {"a"});
  r.evidence.properties = {{"log_index", "42"}};
  const ScanResult result = scan_of({"a"}, {r});
  const std::string identity = std::string("identity = \"") + kIdentity + "\"";
  CHECK(objected(deny(identity), result) == Strings{"s denied"});
  CHECK(objected(deny(identity + "\nissuer = \"https://issuer.test\""), result) ==
        Strings{"s denied"});
  CHECK(objected(deny(identity + "\nissuer = \"https://other.test\""), result).empty());
  CHECK(objected(deny("fingerprint = \"" + std::string(64, 'a') + "\""), result) ==
        Strings{"s denied"});
  CHECK(objected(deny("fingerprint = \"" + std::string(64, 'b') + "\""), result).empty());
  CHECK(objected(deny("log_index = \"42\""), result) == Strings{"s denied"});
  CHECK(objected(deny("log_index = \"4\""), result).empty());
  CHECK(objected(deny(identity) + kOms, result) == Strings{"s denied", "s evidence-missing"});
}

TEST_CASE("a denial with a date spares what is proven older") {
  const std::string text = std::string("[[deny]]\nreason = \"x\"\nidentity = \"") + kIdentity +
                           "\"\nsince = 2026-01-01\n";
  EvidenceRecord r = record("s", {"a"});
  CHECK(objected(text, scan_of({"a"}, {r})) == Strings{"s denied"});
  r.evidence.times = {{"rekor", "log", 1'767'225'599}};
  CHECK(objected(text, scan_of({"a"}, {r})).empty());
  r.evidence.times.push_back({"rfc3161", "tsa", 1'767'225'600});
  CHECK(objected(text, scan_of({"a"}, {r})) == Strings{"s denied"});
}

TEST_CASE("denied content is found inside archives too") {
  ScanResult result = scan_of({"a.zip"}, {});
  result.files[0].members.push_back({.path = "a.zip!/b", .sha256 = std::string(64, '2')});
  const auto deny = [](char digit) {
    return "[[deny]]\nreason = \"x\"\nsha256 = \"" + std::string(64, digit) + "\"\n";
  };
  CHECK(objected(deny('2'), result) == Strings{"a.zip!/b denied"});
  CHECK(objected(deny('1'), result) == Strings{"a.zip denied"});
  CHECK(objected(deny('3'), result).empty());
}

TEST_CASE("a trusted root has an age where it was used") {
  const std::string text = "max_trust_root_age_days = 30\n";
  const ScanResult used = scan_of({"a"}, {record("s", {"a"})});
  const auto at = [](std::optional<Date> date) {
    return Context{.now = kNow, .repository = {}, .trust_root_date = date};
  };
  const Date today =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{kNow}});
  CHECK(objected(text, used, at(today - std::chrono::days{30})).empty());
  CHECK(objected(text, used, at(today - std::chrono::days{31})) == Strings{". trust-root-age"});
  CHECK(objected(text, used, at(std::nullopt)) == Strings{". trust-root-age"});
  const ScanResult unused = scan_of({"a"}, {record("s", {"a"}, "oms", "key")});
  CHECK(objected(text, unused, at(std::nullopt)).empty());
}

TEST_CASE("thousands of files without cover are counted, not listed") {
  Strings files;
  for (int i = 0; i < 3000; ++i) files.push_back("f" + std::to_string(i));
  const auto found = objected(kOms, scan_of(files, {record("s", {"x"})}));
  CHECK(found.size() == 1001);
  CHECK(found.front() == ". not-covered");
}

TEST_CASE("each objection is a rule of the catalog, and fails the scan whatever the threshold") {
  const auto rules = RuleSet::built_in();
  REQUIRE(rules);
  const Strings codes{"evidence-missing",
                      "signer-not-allowed",
                      "denied",
                      "not-covered",
                      "time",
                      "logs",
                      "trust-root-age",
                      "builder",
                      "build-source",
                      "build-dependency",
                      "signer-changed",
                      "signature-gone",
                      "suppression-expired"};
  for (const std::string& code : codes) {
    const auto findings = judge_objections({{"a/b", "policy." + code, "why"}}, *rules);
    CAPTURE(code);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].rule.starts_with("POL-"));
    CHECK(findings[0].message.ends_with("why, in a/b."));
  }
  ScanResult result = scan_of({"a"}, {});
  apply(policy_of(kOms), {.now = kNow, .repository = {}, .trust_root_date = {}}, *rules, result);
  decide(result, {.fail_on = std::nullopt});
  CHECK(result.exit_code == kExitFail);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].rule == "POL-SIGN-001");
  CHECK(result.files[0].status == Status::suspicious);
}
