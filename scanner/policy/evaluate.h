#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/scan_result.h"
#include "rules/rule_set.h"
#include "scanner/policy/objection.h"
#include "scanner/policy/policy.h"

namespace assay::policy {

// What a policy cannot know from the scan.
struct Context {
  std::int64_t now = 0;                   // seconds since 1970
  std::optional<std::string> repository;  // "org/name", if the caller knows it
  std::optional<Date> trust_root_date;    // of the Sigstore root that was believed
};

// What `policy` has against the files and the evidence of `result`, in its order. Every
// entry that concerns the repository and a file is demanded of it. Paths are those of
// evidence and files, or kWholeSource.
std::vector<Objection> evaluate(const Policy& policy, const ScanResult& result,
                                const Context& context);

// The same as findings, added to those of `result`; then what the policy suppresses is
// moved to ScanResult::suppressed. Objections that are left, other than suppressions that
// ran out, fail the scan: ScanResult::policy_failed.
void apply(const Policy& policy, const Context& context, const RuleSet& rules, ScanResult& result);

}  // namespace assay::policy
