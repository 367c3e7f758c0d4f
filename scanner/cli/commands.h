#pragma once

#include "scanner/cli/arguments.h"

namespace assay::cli {

// Each runs one command and returns its exit code (CONTRACT §3).
int run_scan(const Arguments& arguments);
int run_inspect(const Arguments& arguments);
int run_convert(const Arguments& arguments);
int run_rules_list(const Arguments& arguments);
int run_rules_show(const Arguments& arguments);  // and `explain`
int run_rules_test(const Arguments& arguments);
int run_verify(const Arguments& arguments);
int run_verify_bundle(const Arguments& arguments);
int run_sign(const Arguments& arguments);
int run_policy_check(const Arguments& arguments);
int run_policy_init(const Arguments& arguments);
int run_doctor(const Arguments& arguments);
int run_version(const Arguments& arguments);

// Says on standard error what went wrong, escaped, and returns `exit_code`.
int complain(const std::string& message, int exit_code);

// The rules of --rules and the built-in ones; says why when they do not load.
std::optional<Rules> rules_of(const Arguments& arguments, bool needs_yara = true);

// Says on standard error when files were not read behind a whole sandbox.
void tell_sandbox(const ToolInfo& tool);

// Writes every report that was asked for; false when a file could not be written.
bool write_reports(const ScanResult& result, const Arguments& arguments);

}  // namespace assay::cli
