#include "sbom/attestation.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "sbom/json_writer.h"
#include "sbom/utc_time.h"

namespace assay::sbom {
namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kTestResult = "https://in-toto.io/attestation/test-result/v0.1";
constexpr std::string_view kSvr = "https://in-toto.io/attestation/svr/v0.2";
constexpr std::string_view kVerifier = "urn:assay:scanner";

void write_subject(JsonWriter& out, std::string_view name, std::string_view sha256) {
  out.begin_object().member("name", name).object("digest").member("sha256", sha256);
  out.end_object().end_object();
}

// The root digests of models whose signatures hold.
void write_models(JsonWriter& out, const ScanResult& result) {
  for (const auto& [path, evidence] : result.provenance) {
    if (evidence.kind != "oms" || evidence.state() != "verified") continue;
    const auto find = [&](std::string_view name) {
      const auto found = std::ranges::find(evidence.properties, name,
                                           [](const auto& property) { return property.first; });
      return found == evidence.properties.end() ? std::string() : found->second;
    };
    if (!find("root_digest").empty()) write_subject(out, find("model_name"), find("root_digest"));
  }
}

bool has_subjects(const ScanResult& result) {
  return std::ranges::any_of(result.files, [](const Artifact& f) { return !f.sha256.empty(); });
}

void begin_statement(JsonWriter& out, const ScanResult& result, std::string_view predicate) {
  out.begin_object().member("_type", kStatementType).array("subject");
  for (const Artifact& file : result.files) {
    if (!file.sha256.empty()) write_subject(out, file.path, file.sha256);
  }
  write_models(out, result);
  out.end_array().member("predicateType", predicate).object("predicate");
}

struct Tests {
  std::set<std::string> failed, warned;
};

// What fired: with the verdict `fail` the worst decided, else everything only warns.
Tests tests_of(const ScanResult& result) {
  Tests tests;
  const bool fails = result.verdict == Verdict::fail;
  for (const Finding& finding : result.findings) {
    const bool decides = fails && finding.severity >= Severity::high;
    if (finding.severity == Severity::info) continue;
    (decides ? tests.failed : tests.warned).insert(finding.rule);
  }
  if (fails && tests.failed.empty()) std::swap(tests.failed, tests.warned);
  for (const Gap& gap : result.gaps)
    tests.warned.insert("gap:" + std::string(to_string(gap.reason)));
  for (const std::string& rule : tests.failed) tests.warned.erase(rule);
  return tests;
}

void write_names(JsonWriter& out, const char* name, const std::set<std::string>& names) {
  out.array(name);
  for (const std::string& each : names) out.value(each);
  out.end_array();
}

void write_configuration(JsonWriter& out, const ToolInfo& tool) {
  constexpr std::string_view kPrefix = "sha256:";
  out.array("configuration").begin_object().member("name", "assay " + tool.version + " rules");
  if (tool.rules_digest.starts_with(kPrefix)) {
    out.object("digest").member("sha256", tool.rules_digest.substr(kPrefix.size())).end_object();
  }
  out.end_object().end_array();
}

}  // namespace

std::optional<std::string> test_result_statement(const ScanResult& result) {
  if (!has_subjects(result)) return std::nullopt;
  const Tests tests = tests_of(result);
  std::set<std::string> passed;
  for (const RuleInfo& rule : result.rules) {
    if (!tests.failed.contains(rule.id) && !tests.warned.contains(rule.id)) passed.insert(rule.id);
  }
  JsonWriter out{JsonWriter::Style::one_line};
  begin_statement(out, result, kTestResult);
  out.member("result", !tests.failed.empty()   ? "FAILED"
                       : !tests.warned.empty() ? "WARNED"
                                               : "PASSED");
  write_configuration(out, result.tool);
  write_names(out, "passedTests", passed);
  write_names(out, "warnedTests", tests.warned);
  write_names(out, "failedTests", tests.failed);
  out.end_object().end_object();
  return out.take();
}

std::optional<std::string> svr_statement(const ScanResult& result, std::int64_t seconds) {
  if (result.verdict != Verdict::pass || !result.gaps.empty() || !has_subjects(result)) {
    return std::nullopt;
  }
  JsonWriter out{JsonWriter::Style::one_line};
  begin_statement(out, result, kSvr);
  out.object("verifier").member("id", kVerifier).end_object();
  out.member("timeCreated", utc_time(seconds)).array("policies").end_array().array("properties");
  out.value("ASSAY_SCAN_PASSED").value("ASSAY_EVERYTHING_EXAMINED");
  if (tests_of(result).warned.empty()) out.value("ASSAY_NO_FINDINGS");
  if (provenance_state(result.provenance) == "verified") out.value("ASSAY_SIGNATURE_VERIFIED");
  out.end_array().end_object().end_object();
  return out.take();
}

}  // namespace assay::sbom
