#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "scanner/cli/arguments.h"

namespace assay::cli {

// The options of `verify`, `verify-bundle` and `sign`, each added to its command.
void add_verify_options(CLI::App& app, Arguments& arguments);
void add_verify_bundle_options(CLI::App& app, Arguments& arguments);
void add_sign_options(CLI::App& app, Arguments& arguments);

}  // namespace assay::cli
