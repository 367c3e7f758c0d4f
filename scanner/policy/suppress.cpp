#include "scanner/policy/suppress.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "scanner/policy/glob.h"

namespace assay::policy {
namespace {

using Digests = std::map<std::string_view, std::string_view>;

Digests digests_by_path(const std::vector<Artifact>& files) {
  Digests digests;
  std::vector<const Artifact*> open;
  for (const Artifact& file : files) open.push_back(&file);
  while (!open.empty()) {
    const Artifact& artifact = *open.back();
    open.pop_back();
    for (const Artifact& member : artifact.members) open.push_back(&member);
    // Two members of one name are told apart by nobody: neither is known by its content.
    const auto [at, is_new] = digests.try_emplace(artifact.path, artifact.sha256);
    if (!is_new) at->second = {};
  }
  return digests;
}

std::string_view file_of(std::string_view path) { return path.substr(0, path.find("!/")); }

bool fits(const Suppression& suppression, const Finding& finding, const Digests& digests) {
  if (suppression.rule != finding.rule) return false;
  const std::string_view file = file_of(finding.path);
  if (!glob_matches(suppression.path, finding.path) && !glob_matches(suppression.path, file)) {
    return false;
  }
  if (suppression.sha256.empty()) return true;
  return std::ranges::any_of(std::initializer_list<std::string_view>{finding.path, file},
                             [&](std::string_view path) {
                               const auto found = digests.find(path);
                               return found != digests.end() && found->second == suppression.sha256;
                             });
}

}  // namespace

bool is_expired(const Suppression& suppression, std::int64_t now) {
  const auto end = suppression.expires + std::chrono::days{1};
  return std::chrono::sys_seconds{std::chrono::seconds{now}} >= end;
}

void suppress(const Policy& policy, std::int64_t now, ScanResult& result,
              std::vector<Finding>& findings) {
  if (policy.suppressions.empty()) return;
  const Digests digests = digests_by_path(result.files);
  const auto reason_for = [&](const Finding& finding) -> const Suppression* {
    for (const Suppression& suppression : policy.suppressions) {
      if (!is_expired(suppression, now) && fits(suppression, finding, digests)) return &suppression;
    }
    return nullptr;
  };
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    const Suppression* suppression = reason_for(finding);
    if (!suppression) {
      kept.push_back(std::move(finding));
      continue;
    }
    finding.evidence.push_back({"suppressed", suppression->reason});
    finding.evidence.push_back({"suppressed-until", to_string(suppression->expires)});
    result.suppressed.push_back(std::move(finding));
  }
  findings = std::move(kept);
}

}  // namespace assay::policy
