#include "scanner/policy/objection.h"

#include <map>

#include "core/artifact.h"
#include "rules/evaluator.h"

namespace assay::policy {

std::vector<Finding> judge_objections(const std::vector<Objection>& objections,
                                      const RuleSet& rules) {
  std::map<std::string_view, Artifact> carriers;
  for (const Objection& objection : objections) {
    Artifact& carrier = carriers[objection.path];
    carrier.path = objection.path;
    carrier.facts.push_back({0, 0, Anomaly{objection.code, objection.detail}});
  }
  std::vector<Finding> findings;
  for (auto& [path, carrier] : carriers) judge(carrier, rules, findings);
  for (Finding& finding : findings) {
    // A policy speaks of files, not of bytes in them.
    finding.message = finding.title;
    if (finding.path != kWholeSource) finding.message += ", in " + finding.path;
    finding.message += ".";
  }
  return findings;
}

}  // namespace assay::policy
