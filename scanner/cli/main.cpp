#include <exception>
#include <string_view>

#include "scanner/cli/commands.h"
#include "scanner/cli/surroundings.h"
#include "scanner/worker/worker_main.h"

namespace {

int run(const assay::cli::Arguments& arguments) {
  using assay::cli::Command;
  switch (arguments.command) {
    case Command::scan:
      return run_scan(arguments);
    case Command::inspect:
      return run_inspect(arguments);
    case Command::convert:
      return run_convert(arguments);
    case Command::rules_list:
      return run_rules_list(arguments);
    case Command::rules_show:
    case Command::explain:
      return run_rules_show(arguments);
    case Command::rules_test:
      return run_rules_test(arguments);
    case Command::verify:
      return run_verify(arguments);
    case Command::verify_bundle:
      return run_verify_bundle(arguments);
    case Command::sign:
      return run_sign(arguments);
    case Command::policy_check:
      return run_policy_check(arguments);
    case Command::policy_init:
      return run_policy_init(arguments);
    case Command::doctor:
      return run_doctor(arguments);
    case Command::version:
      return run_version(arguments);
  }
  return assay::kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == assay::kWorkerArgument) {
    return assay::worker_main();
  }
  assay::cli::settle_process();
  const auto parsed = assay::cli::parse_arguments(argc, argv);
  if (!parsed.arguments) return parsed.exit_code;
  try {
    return run(*parsed.arguments);
  } catch (const std::exception& error) {
    return assay::cli::complain(error.what(), assay::kExitIncomplete);
  }
}
