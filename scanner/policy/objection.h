#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "rules/rule_set.h"

namespace assay::policy {

// Where what concerns the whole source stands in reports.
inline constexpr std::string_view kWholeSource = ".";

// What a policy or a lock has against a scan: an anomaly that no bytes show. Rules
// (rules/catalog/policy.json) say how bad it is.
struct Objection {
  std::string path;
  std::string code;    // "policy.signer-denied"
  std::string detail;  // escaped
  bool operator==(const Objection&) const = default;
};

// What the rules find in them, in the evaluator's order.
std::vector<Finding> judge_objections(const std::vector<Objection>& objections,
                                      const RuleSet& rules);

}  // namespace assay::policy
