#include <algorithm>

#include "core/text.h"
#include "sbom/ci_reports.h"
#include "sbom/report_index.h"
#include "sbom/sandbox_words.h"
#include "sbom/text_finding.h"
#include "sbom/text_layout.h"
#include "sbom/text_report.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxItems = 100;  // GitHub takes 65,536 characters in a comment
constexpr std::size_t kMaxText = 200;

// `text` as a code span: the fence is longer than any run of backticks in it
// (CommonMark 6.1).
std::string code(std::string_view text) {
  const std::string shown = shortened_in_middle(escaped(text), kMaxText);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool needs_space = shown.empty() || longest > 0;
  return fence + (needs_space ? " " : "") + shown + (needs_space ? " " : "") + fence;
}

std::string finding_item(const Finding& finding) {
  return "- **" + upper(to_string(finding.severity)) + "** " + code(finding.rule) + " " +
         code(finding.title.empty() ? finding.message : finding.title) + " in " +
         code(finding.path) + " at " + hex_number(finding.offset) + "\n";
}

std::string more(std::size_t all, std::string_view noun) {
  if (all <= kMaxItems) return {};
  return "- ... and " + counted(all - kMaxItems, noun) + " more\n";
}

std::string findings_section(const std::vector<Finding>& all, std::string_view heading) {
  if (all.empty()) return {};
  std::vector<const Finding*> findings;
  for (const Finding& finding : all) findings.push_back(&finding);
  std::sort(findings.begin(), findings.end(), is_worse);
  std::string text = "\n### " + std::string(heading) + "\n\n";
  for (std::size_t i = 0; i < std::min(findings.size(), kMaxItems); ++i) {
    text += finding_item(*findings[i]);
  }
  return text + more(findings.size(), "finding");
}

std::string gaps_section(const std::vector<Gap>& gaps) {
  if (gaps.empty()) return {};
  std::string text = "\n### Not examined\n\n";
  for (std::size_t i = 0; i < std::min(gaps.size(), kMaxItems); ++i) {
    const std::string why = std::string(to_string(gaps[i].reason)) +
                            (gaps[i].message.empty() ? "" : ": " + gaps[i].message);
    text += "- " + code(gaps[i].path) + " " + code(why) + "\n";
  }
  return text + more(gaps.size(), "gap");
}

}  // namespace

std::string markdown_report(const ScanResult& result) {
  const Summary& summary = result.summary;
  std::string counts = severity_counts(summary);
  if (counts.empty()) counts = "no findings";
  std::string text = "## Assay: " + upper(to_string(result.verdict)) + "\n\n";
  text += code(result.source.uri) + ": " + counts + ", " + counted(summary.gaps, "gap") + " in " +
          counted(summary.files, "file") + " and " + counted(summary.members, "member") + " (" +
          human_size(summary.bytes_total) + ", " + human_size(summary.bytes_read) + " read).\n";
  text += findings_section(result.findings, "Findings");
  text += findings_section(result.suppressed, "Suppressed by policy");
  text += gaps_section(result.gaps);
  text += "\n" + sandbox_line(result.tool, code) + "\n";
  return text + "\nExit code " + std::to_string(result.exit_code) + ": " +
         std::string(exit_code_meaning(result.exit_code)) + ".\n";
}

}  // namespace assay::sbom
