#pragma once

#include <cstddef>
#include <vector>

#include "core/artifact.h"
#include "core/finding.h"
#include "rules/rule_set.h"

namespace assay {

// How many findings a report has of one file, with all that is in it.
inline constexpr std::size_t kMaxFindings = 10'000;

// Judges one file as rules/evaluator.h does, and keeps the severest `most`
// findings in their order. That others were left out is a gap of the file, and
// of each member none of whose findings is left: its status would say safe.
std::vector<Finding> judge_file(Artifact& artifact, const RuleSet& rules,
                                std::size_t most = kMaxFindings);

}  // namespace assay
