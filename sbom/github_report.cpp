#include "core/text.h"
#include "sbom/ci_reports.h"
#include "sbom/report_index.h"
#include "sbom/sandbox_words.h"
#include "sbom/text_finding.h"

namespace assay::sbom {
namespace {

// The data of a workflow command, or with `is_property` a property of it: there
// ':' and ',' end the value.
std::string command_text(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : escaped(text)) {
    if (c == '%') {
      out += "%25";
    } else if (is_property && c == ':') {
      out += "%3A";
    } else if (is_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

// Where GitHub finds the file: from where the scan was started, for a source
// that was given by a relative path.
std::string checkout_path(const ScanResult& result, const std::string& path) {
  std::string_view root = result.source.uri;
  if (result.source.kind != "path" || root.starts_with('/')) return path;
  if (result.files.size() == 1 && base_name(root) == path) return std::string(root);
  while (root.ends_with('/')) root.remove_suffix(1);
  while (root.starts_with("./")) root.remove_prefix(2);
  return root.empty() || root == "." ? path : std::string(root) + "/" + path;
}

std::string annotation(std::string_view level, const std::string& file, std::string_view title,
                       std::string_view message) {
  return "::" + std::string(level) + " file=" + command_text(file, true) +
         ",line=1,title=" + command_text(title, true) + "::" + command_text(message, false) + "\n";
}

std::string_view level_of(Severity severity) {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "notice";
}

}  // namespace

std::string github_report(const ScanResult& result) {
  const ReportIndex index(result);
  const auto file_of = [&](const std::string& path) {
    const auto* place = index.nearest(path);
    return checkout_path(result, place ? result.files[place->file].path : path);
  };
  std::string lines;
  if (!is_fully_sandboxed(result.tool)) {
    lines += "::warning title=Sandbox::" + command_text(sandbox_line(result.tool), false) + "\n";
  }
  for (const Finding& finding : result.findings) {
    const std::string& text = finding.message.empty() ? finding.title : finding.message;
    lines += annotation(level_of(finding.severity), file_of(finding.path),
                        finding.rule + " " + finding.title,
                        text + " (" + finding.path + " at " + hex_number(finding.offset) + ")");
  }
  for (const Gap& gap : result.gaps) {
    const std::string reason(to_string(gap.reason));
    lines += annotation("warning", file_of(gap.path), "Not examined: " + reason,
                        gap.path + " at " + hex_number(gap.offset) + ": " +
                            (gap.message.empty() ? reason : gap.message));
  }
  return lines;
}

}  // namespace assay::sbom
