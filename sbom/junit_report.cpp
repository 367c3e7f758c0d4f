#include <map>
#include <set>
#include <utility>

#include "core/text.h"
#include "sbom/ci_reports.h"
#include "sbom/references.h"
#include "sbom/report_index.h"
#include "sbom/text_finding.h"

namespace assay::sbom {
namespace {

// Attribute or element text. After escaped() no character is left that XML 1.0
// forbids.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : escaped(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// One test case under way: at most one of failure, error and skipped.
class Cases {
 public:
  void passed(std::string_view group, std::string_view name) { add(group, name, "", ""); }
  void failed(std::string_view group, std::string_view name, std::string_view message,
              const std::string& lines) {
    ++failures_;
    add(group, name, "failure", " message=\"" + xml(message) + "\" type=\"" + xml(group) + "\"",
        lines);
  }
  void error(std::string_view reason, std::string_view name, std::string_view message) {
    ++errors_;
    add("not examined", name, "error",
        " message=\"" + xml(message) + "\" type=\"" + xml(reason) + "\"");
  }
  void skipped(std::string_view group, std::string_view name) {
    ++skipped_;
    add(group, name, "skipped", "");
  }

  // `properties`: XML that stands before the cases.
  std::string suite(std::string_view name, const std::string& properties) const {
    const std::string counts = " tests=\"" + std::to_string(count_) + "\" failures=\"" +
                               std::to_string(failures_) + "\" errors=\"" +
                               std::to_string(errors_) + "\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\"" + counts +
           ">\n  <testsuite name=\"" + xml(name) + "\"" + counts + " skipped=\"" +
           std::to_string(skipped_) + "\">\n" + properties + text_ +
           "  </testsuite>\n</testsuites>\n";
  }

 private:
  void add(std::string_view group, std::string_view name, const std::string& outcome,
           const std::string& attributes, const std::string& lines = "") {
    ++count_;
    text_ += "    <testcase classname=\"" + xml(group) + "\" name=\"" + xml(name) + "\"";
    if (outcome.empty()) {
      text_ += "/>\n";
    } else if (lines.empty()) {
      text_ += ">\n      <" + outcome + attributes + "/>\n    </testcase>\n";
    } else {
      text_ += ">\n      <" + outcome + attributes + ">" + lines + "</" + outcome +
               ">\n    </testcase>\n";
    }
  }

  std::size_t count_ = 0;
  std::size_t failures_ = 0;
  std::size_t errors_ = 0;
  std::size_t skipped_ = 0;
  std::string text_;
};

std::string property(std::string_view name, std::string_view value) {
  return "      <property name=\"" + xml(name) + "\" value=\"" + xml(value) + "\"/>\n";
}

std::string properties(const ToolInfo& tool) {
  std::string lines = property("sandbox", tool.sandbox);
  for (const std::string& layer : tool.sandbox_missing) lines += property("sandbox.missing", layer);
  return "    <properties>\n" + lines + "    </properties>\n";
}

using Findings = std::vector<const Finding*>;

void add_findings(Cases& cases, std::string_view file, const std::string& rule,
                  const Findings& findings) {
  Severity worst = Severity::info;
  std::string lines;
  for (const Finding* finding : findings) {
    worst = std::max(worst, finding->severity);
    lines += "\n" + xml(to_string(finding->severity)) + ": " +
             xml(finding->message.empty() ? finding->title : finding->message) + " (" +
             xml(finding->path) + " at " + hex_number(finding->offset) + ")";
  }
  if (worst < Severity::medium) return cases.passed(rule, file);
  cases.failed(rule, file, findings.front()->title, lines + "\n");
}

}  // namespace

std::string junit_report(const ScanResult& result) {
  const ReportIndex index(result);
  std::map<std::string, std::map<std::string, Findings>> by_file;  // then by rule
  for (const Finding& finding : result.findings) {
    const auto* place = index.nearest(finding.path);
    const std::string& path = place ? result.files[place->file].path : finding.path;
    by_file[to_utf8(path)][to_utf8(finding.rule)].push_back(&finding);
  }
  Cases cases;
  for (const Artifact& file : result.files) {
    if (by_file.contains(to_utf8(file.path))) continue;
    if (file.status == Status::unscanned) {
      cases.skipped(file.format, file.path);
    } else if (file.status != Status::error) {
      cases.passed(file.format, file.path);
    }
  }
  for (const auto& [file, rules] : by_file) {
    for (const auto& [rule, findings] : rules) add_findings(cases, file, rule, findings);
  }
  for (const Gap& gap : result.gaps) cases.error(to_string(gap.reason), gap.path, gap.message);
  return cases.suite(source_label(result.source), properties(result.tool));
}

}  // namespace assay::sbom
