#include "scanner/judging.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "rules/evaluator.h"

namespace assay {
namespace {

using Paths = std::unordered_set<std::string>;

// Moves the severest `most` to the front, in their order, and returns how many
// those are.
std::size_t move_severest_up(std::vector<Finding>& findings, std::size_t most) {
  std::array<std::size_t, std::to_underlying(Severity::critical) + 1> left{};
  for (const Finding& finding : findings) ++left[std::to_underlying(finding.severity)];
  std::size_t room = most;
  for (auto count = left.rbegin(); count != left.rend(); ++count) {
    *count = std::min(*count, room);
    room -= *count;
  }
  const auto end =
      std::stable_partition(findings.begin(), findings.end(), [&](const Finding& finding) {
        std::size_t& of_severity = left[std::to_underlying(finding.severity)];
        return of_severity > 0 && of_severity-- > 0;
      });
  return static_cast<std::size_t>(end - findings.begin());
}

// Depth of nesting is bounded by Limits::depth.
void tell(Artifact& artifact, const Paths& paths, const Gap& gap) {
  if (paths.contains(artifact.path)) {
    artifact.gaps.push_back(gap);
    artifact.gaps.back().path = artifact.path;
  }
  for (Artifact& member : artifact.members) tell(member, paths, gap);
}

}  // namespace

std::vector<Finding> judge_file(Artifact& artifact, const RuleSet& rules, std::size_t most) {
  std::vector<Finding> findings;
  judge(artifact, rules, findings);
  if (findings.size() <= most) return findings;
  const std::size_t kept = move_severest_up(findings, most);
  Paths told{artifact.path};
  for (std::size_t i = kept; i < findings.size(); ++i) told.insert(findings[i].path);
  for (std::size_t i = 0; i < kept; ++i) {
    if (findings[i].path != artifact.path) told.erase(findings[i].path);
  }
  tell(artifact, told,
       {"", ParseErrc::over_budget,
        "limit reached: findings (" + std::to_string(most) + " for one file)", 0});
  findings.resize(kept);
  return findings;
}

}  // namespace assay
