#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/policy/policy.h"

namespace assay::cli {

int run_policy_check(const Arguments& arguments) {
  const std::string& file = arguments.policy.policy;
  const auto policy = policy::load_policy(file);
  if (!policy) return complain(file + ": " + policy.error().message, kExitUsage);
  const auto rules = rules_of(arguments, false);
  if (!rules) return kExitUsage;
  int exit_code = kExitPass;
  for (const policy::Suppression& suppression : policy->suppressions) {
    if (rules->catalog.find(suppression.rule)) continue;
    exit_code =
        complain(file + ": [[suppress]]: no rule has the id " + suppression.rule, kExitUsage);
  }
  if (exit_code == kExitPass) {
    print("valid: " + std::to_string(policy->suppressions.size()) + " suppressions, " +
          std::to_string(policy->provenance.size()) + " demands, " +
          std::to_string(policy->denials.size()) + " denials\n");
  }
  return exit_code;
}

int run_policy_init(const Arguments&) {
  print(std::string(policy::policy_template()));
  return kExitPass;
}

}  // namespace assay::cli
