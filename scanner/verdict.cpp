#include "scanner/verdict.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace assay {
namespace {

// Severities of the findings of each path.
using WorstByPath = std::unordered_map<std::string, Severity>;

Status status_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return Status::unsafe;
    case Severity::high:
      return Status::suspicious;
    case Severity::medium:
      return Status::caution;
    default:
      return Status::safe;
  }
}

// Depth of nesting is bounded by Limits::depth.
Status set_status(Artifact& artifact, const WorstByPath& worst) {
  Status status = artifact.left_out ? Status::unscanned : Status::safe;
  if (const auto found = worst.find(artifact.path); found != worst.end()) {
    status = std::max(status, status_of(found->second));
  }
  if (!artifact.gaps.empty()) status = std::max(status, Status::error);
  for (Artifact& member : artifact.members) status = std::max(status, set_status(member, worst));
  return artifact.status = status;
}

void collect_gaps(const Artifact& artifact, std::vector<Gap>& gaps, Summary& summary) {
  gaps.insert(gaps.end(), artifact.gaps.begin(), artifact.gaps.end());
  summary.members += artifact.members.size();
  for (const Artifact& member : artifact.members) collect_gaps(member, gaps, summary);
}

void sort_all(ScanResult& result) {
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return std::tie(a.path, a.offset, a.rule, a.fingerprint) <
                            std::tie(b.path, b.offset, b.rule, b.fingerprint);
                   });
  std::stable_sort(result.gaps.begin(), result.gaps.end(), [](const Gap& a, const Gap& b) {
    return std::tie(a.path, a.offset, a.reason, a.message) <
           std::tie(b.path, b.offset, b.reason, b.message);
  });
  result.gaps.erase(std::unique(result.gaps.begin(), result.gaps.end()), result.gaps.end());
}

bool fails(const ScanResult& result, const VerdictOptions& options) {
  if (result.policy_failed) return true;
  if (!options.fail_on) return false;
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [&](const Finding& finding) { return finding.severity >= *options.fail_on; });
}

}  // namespace

void decide(ScanResult& result, const VerdictOptions& options) {
  WorstByPath worst;
  for (const Finding& finding : result.findings) {
    Severity& severity = worst[finding.path];
    severity = std::max(severity, finding.severity);
    ++result.summary.findings[std::to_underlying(finding.severity)];
  }
  bool scanned_any = false;
  for (Artifact& file : result.files) {
    set_status(file, worst);
    collect_gaps(file, result.gaps, result.summary);
    ++result.summary.files;
    result.summary.bytes_total += file.size;
    scanned_any |= !file.left_out;
  }
  sort_all(result);
  result.summary.gaps = result.gaps.size();
  const bool incomplete = !result.gaps.empty();
  result.verdict = fails(result, options) ? Verdict::fail
                   : incomplete           ? Verdict::incomplete
                                          : Verdict::pass;
  result.exit_code = result.verdict == Verdict::fail           ? kExitFail
                     : !scanned_any && !incomplete             ? kExitNothing
                     : incomplete && !options.allow_incomplete ? kExitIncomplete
                                                               : kExitPass;
}

}  // namespace assay
