#pragma once

#include "scanner/cli/arguments.h"

namespace CLI {
class App;
}

namespace assay::cli {

struct PolicyCommands {
  CLI::App* check = nullptr;
  CLI::App* init = nullptr;
};

// `policy check` and `policy init`.
PolicyCommands add_policy_commands(CLI::App& app, Arguments& arguments);

// The options of `scan` that hold it to a policy and to a lock.
void add_policy_options(CLI::App& app, PolicyOptions& options);

}  // namespace assay::cli
