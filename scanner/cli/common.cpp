#include <unistd.h>

#include <fstream>

#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/log.h"
#include "scanner/rule_loader.h"

namespace assay::cli {
namespace {

bool write_file(const std::string& name, const std::string& text) {
  std::ofstream out(name, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) complain(name + ": cannot be written", 0);
  return static_cast<bool>(out);
}

}  // namespace

int complain(const std::string& message, int exit_code) {
  log::error(message);
  return exit_code;
}

std::optional<Rules> rules_of(const Arguments& arguments, bool needs_yara) {
  auto rules = load_rules(arguments.rule_directories, needs_yara);
  if (rules) return std::move(*rules);
  complain("rules: " + rules.error().message, 0);
  return std::nullopt;
}

void tell_sandbox(const ToolInfo& tool) {
  if (tool.sandbox == "full") return;
  std::string missing;
  for (const std::string& layer : tool.sandbox_missing) {
    missing += (missing.empty() ? ": " : "; ") + layer;
  }
  log::error("sandbox: " + tool.sandbox + missing);
}

bool write_reports(const ScanResult& result, const Arguments& arguments) {
  bool written = true;
  for (const Output& output : arguments.outputs) {
    if (output.file && *output.file != "-") {
      written &=
          write_file(*output.file, render(result, output.format, render_options(arguments, false)));
    } else {
      print(render(result, output.format, render_options(arguments, isatty(STDOUT_FILENO) == 1)));
    }
  }
  return written;
}

}  // namespace assay::cli
