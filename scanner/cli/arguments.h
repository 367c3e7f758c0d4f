#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sbom/report.h"
#include "scanner/engine.h"

namespace assay::cli {

enum class Command : std::uint8_t {
  scan,
  inspect,
  convert,
  rules_list,
  rules_show,
  rules_test,
  explain,
  verify,
  verify_bundle,
  sign,
  policy_check,
  policy_init,
  doctor,
  version,
};

enum class ColorChoice : std::uint8_t { automatic, always, never };

// A report to write: its format and the file, or standard output.
struct Output {
  ReportFormat format = ReportFormat::text;
  std::optional<std::string> file;
};

// What `inspect` is to show of each file.
struct InspectOptions {
  std::string member;      // only the artifact of this path in the file, and below; empty: all
  bool opcodes = true;     // list those of pickles
  std::uint64_t from = 0;  // ... from this offset on
  std::uint64_t limit = 10'000;  // ... at most so many for an artifact; 0: all
};

// Whom to believe and what to compare: names of files as they were given.
struct TrustOptions {
  std::string signature;  // or bundle, or what `sign` writes
  std::string public_key;
  std::vector<std::string> anchors;
  std::string revocations;
  std::string identity;
  std::string issuer;
  std::string trusted_root;
  std::string allowed_signers;
  std::string openpgp_keys;
  std::string private_key;
  std::string password_file;
  std::vector<std::string> ignore_paths;
  bool ignore_git = true;
  bool ignore_unsigned = false;
  bool allow_symlinks = false;
  bool strict = false;
  bool legacy = false;
  bool staging = false;
  std::string required;  // IDENTITY@ISSUER of whoever must have signed everything
};

// Signing of a scan's verdict.
struct AttestOptions {
  std::string key;  // PEM of a private key; empty: not asked for
  std::string password_file;
  std::vector<std::string> chain;
  std::string prefix = "assay";  // of the names of what is written
};

// What a scan is held to: names of files as they were given.
struct PolicyOptions {
  std::string policy;
  std::string lock;
  bool update_lock = false;
  std::string repository;
  bool fail_on_given = false;  // --fail-on was: it goes before the policy's
};

// The command line, checked. Everything a command needs and nothing parsed twice.
struct Arguments {
  Command command = Command::scan;
  std::vector<std::string> sources;
  std::string rule_id;
  std::vector<Output> outputs;
  std::vector<std::string> rule_directories;
  Selection selection;
  ScanOptions scan;
  ColorChoice color = ColorChoice::automatic;
  bool quiet = false;
  bool verbose = false;
  bool progress = true;
  InspectOptions inspect;
  TrustOptions trust;
  AttestOptions attest;
  PolicyOptions policy;
  bool json = false;       // of `version`, `doctor` and `inspect`
  bool self_test = false;  // of `doctor`
};

// What parsing the command line came to: arguments, or an exit code after the
// help or the error has been printed.
struct ParsedArguments {
  std::optional<Arguments> arguments;
  int exit_code = 0;
};

// `scan` is implied when the first word is no command.
ParsedArguments parse_arguments(int argc, char** argv);

}  // namespace assay::cli
