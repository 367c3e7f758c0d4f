#pragma once

#include "scanner/cli/arguments.h"

namespace CLI {
class App;
}

namespace assay::cli {

// The options of `verify`, `verify-bundle` and `sign`, each added to its command, and
// those of `scan` that say who must have signed.
void add_verify_options(CLI::App& app, Arguments& arguments);
void add_verify_bundle_options(CLI::App& app, Arguments& arguments);
void add_sign_options(CLI::App& app, Arguments& arguments);
void add_required_signer_options(CLI::App& app, Arguments& arguments);

// The options of `scan` that sign its verdict.
void add_attest_options(CLI::App& app, AttestOptions& attest);

}  // namespace assay::cli
