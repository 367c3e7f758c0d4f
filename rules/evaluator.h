#pragma once

#include <vector>

#include "core/artifact.h"
#include "core/finding.h"
#include "rules/rule_set.h"

namespace assay {

// Judges `artifact` and all its members: appends what the rules find to
// `findings`, ordered by path, offset and rule, and fills Artifact::imports.
//
// One finding per cause: a fact fits at most one of the rules that ask for
// `class` or `effect` (the severest, then the first of the catalog), a call of
// a name says all that its import and weaker uses would, and repetitions fold
// into the first with evidence `count`. From the 200th finding of one rule in
// one artifact on, the last says how many `more` there are.
void judge(Artifact& artifact, const RuleSet& rules, std::vector<Finding>& findings);

}  // namespace assay
