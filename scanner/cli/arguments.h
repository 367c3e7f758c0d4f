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
  doctor,
  version,
};

enum class ColorChoice : std::uint8_t { automatic, always, never };

// A report to write: its format and the file, or standard output.
struct Output {
  ReportFormat format = ReportFormat::text;
  std::optional<std::string> file;
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
  bool json = false;       // of `version` and `doctor`
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
