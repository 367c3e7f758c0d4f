#include <string>
#include <type_traits>
#include <variant>

#include "core/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"

namespace assay::cli {
namespace {

std::string shape_text(const Tensor& tensor) {
  std::string text;
  for (const std::uint64_t dimension : tensor.shape) {
    text += (text.empty() ? "" : ", ") + std::to_string(dimension);
  }
  return "[" + text + "]";
}

// One fact in words, not yet escaped.
struct Words {
  std::string operator()(const Import& f) const { return dotted(f); }
  std::string operator()(const Call& f) const {
    return std::string(to_string(f.kind)) + "  " + f.expression;
  }
  std::string operator()(const CodeBlob& f) const { return f.language + "  " + f.text; }
  std::string operator()(const Reference& f) const { return f.kind + "  " + f.target; }
  std::string operator()(const Member& f) const {
    return f.name + "  " + f.method + ", " + std::to_string(f.size) + " bytes";
  }
  std::string operator()(const Tensor& f) const {
    return (f.name.empty() ? "" : f.name + "  ") + f.dtype + " " + shape_text(f);
  }
  std::string operator()(const Metadata& f) const { return f.key + " = " + f.value; }
  std::string operator()(const Embedded& f) const { return f.format; }
  std::string operator()(const Anomaly& f) const { return f.code + "  " + f.detail; }
  std::string operator()(const Match& f) const { return f.rule + "  " + f.excerpt; }
  std::string operator()(const Signature& f) const { return f.kind + "  " + f.state; }
  std::string operator()(const Instruction& f) const { return f.name + "  " + f.argument; }
};

void show(const Artifact& artifact, std::string& out) {
  out += escaped(artifact.path) + "  " + escaped(artifact.format) + ", " +
         std::to_string(artifact.size) + " bytes\n";
  for (const Fact& fact : artifact.facts) {
    const std::string offset = std::to_string(fact.offset);
    out += std::string(offset.size() < 10 ? 10 - offset.size() : 0, ' ') + offset + "  " +
           std::string(kind_of(fact.value)) + "  " +
           shortened(escaped(std::visit(Words{}, fact.value)), 200) + "\n";
  }
  for (const Gap& gap : artifact.gaps) {
    out += "       gap  " + std::string(to_string(gap.reason)) + "  " + escaped(gap.message) + "\n";
  }
  for (const Artifact& member : artifact.members) show(member, out);
}

}  // namespace

int run_inspect(const Arguments& arguments) {
  const auto rules = rules_of(arguments, !arguments.scan.workers);
  if (!rules) return kExitUsage;
  Watchdog watchdog;
  ScanProgress progress;
  ScanOptions options = arguments.scan;
  options.verdict.fail_on = std::nullopt;
  ScanResult result = scan(list_sources(arguments.sources, arguments.selection), *rules, options,
                           watchdog, progress);
  tell_sandbox(result.tool);
  if (arguments.outputs.front().format == ReportFormat::text) {
    std::string out;
    for (const Artifact& file : result.files) show(file, out);
    print(out);
  } else {
    result.findings.clear();
    if (!write_reports(result, arguments)) return kExitUsage;
  }
  return result.exit_code;
}

}  // namespace assay::cli
