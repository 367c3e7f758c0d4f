#include "scanner/cli/policy_options.h"

#include <CLI/CLI.hpp>

namespace assay::cli {

PolicyCommands add_policy_commands(CLI::App& app, Arguments& arguments) {
  CLI::App* const policy = app.add_subcommand("policy", "Check a policy file, or begin one");
  policy->require_subcommand(1);
  PolicyCommands commands;
  commands.check = policy->add_subcommand("check", "Say what is wrong with a policy file");
  commands.check->add_option("file", arguments.policy.policy, "Policy file (docs/policy.md)")
      ->type_name("FILE")
      ->required();
  commands.init = policy->add_subcommand("init", "Print a policy with everything explained");
  return commands;
}

void add_policy_options(CLI::App& app, PolicyOptions& options) {
  app.add_option("--policy", options.policy, "Hold the scan to this policy (docs/policy.md)")
      ->type_name("FILE");
  app.add_option("--repository", options.repository,
                 "What the source is called where it comes from, for policy and lock")
      ->type_name("NAME");
  CLI::Option* const lock =
      app.add_option("--lock", options.lock, "Compare signers with those of this file")
          ->type_name("FILE");
  app.add_flag("--update-lock", options.update_lock, "Then write the signers of now into it")
      ->needs(lock);
  app.parse_complete_callback(
      [&app, &options] { options.fail_on_given = app.count("--fail-on") > 0; });
}

}  // namespace assay::cli
