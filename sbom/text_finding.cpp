#include "sbom/text_finding.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"
#include "sbom/fact_summary.h"
#include "sbom/text_layout.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kIndent = 12;            // where the text of a finding stands
constexpr std::size_t kMaxEvidence = 4;        // entries, unless verbose
constexpr std::size_t kMaxEvidenceText = 240;  // columns of one entry, unless verbose

constexpr std::array<std::string_view, 5> kSeverityColors{"2", "36", "33", "31", "1;31"};
constexpr std::array<std::string_view, 6> kStatusColors{"2", "32", "35", "33", "31", "1;31"};

std::string block(std::string_view text, const TextStyle& style) {
  return std::string(kIndent, ' ') + wrapped(text, style.width - kIndent, kIndent) + "\n";
}

std::string where(const Finding& finding, std::string_view member) {
  std::string text = escaped(member);
  if (finding.offset == 0 && finding.size == 0) return text;
  if (!text.empty()) text += ", ";
  text += "offset " + hex_number(finding.offset);
  if (finding.size > 0) text += ", " + counted(finding.size, "byte");
  return text;
}

std::string evidence_text(const KeyValues& entry, const TextStyle& style) {
  std::string text = escaped(entry.key) + ":";
  for (const std::string& value : entry.values) text += " " + escaped(value);
  return style.verbose ? text : shortened_in_middle(text, kMaxEvidenceText);
}

// Several values stand below each other.
std::string evidence_block(const KeyValues& entry, const TextStyle& style) {
  if (!style.verbose || entry.values.size() < 2) return block(evidence_text(entry, style), style);
  std::string lines = block(escaped(entry.key) + ":", style);
  for (const std::string& value : entry.values) lines += block("  " + escaped(value), style);
  return lines;
}

std::string evidence_lines(const Finding& finding, const TextStyle& style) {
  std::string lines;
  const auto entries = grouped(finding.evidence);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == kMaxEvidence && !style.verbose) {
      return lines +
             block("... and " + counted(entries.size() - i, "detail") + " more (-v)", style);
    }
    lines += evidence_block(entries[i], style);
  }
  return lines;
}

std::string advice_lines(const Finding& finding, const TextStyle& style) {
  std::string lines;
  if (!finding.message.empty()) lines += block(escaped(finding.message), style);
  if (!finding.fix.empty()) lines += block("Fix: " + escaped(finding.fix), style);
  std::string references;
  for (const std::string& reference : finding.references) {
    references += (references.empty() ? "See: " : ", ") + escaped(reference);
  }
  if (!references.empty()) lines += block(references, style);
  return lines;
}

}  // namespace

std::string TextStyle::paint(std::string_view sgr, std::string_view text) const {
  if (!color) return std::string(text);
  return "\x1b[" + std::string(sgr) + "m" + std::string(text) + "\x1b[0m";
}

std::string TextStyle::severity(Severity severity) const {
  return paint(kSeverityColors.at(static_cast<std::size_t>(severity)),
               padded(upper(to_string(severity)), 8));
}

std::string TextStyle::status(Status status) const {
  return paint(kStatusColors.at(static_cast<std::size_t>(status)),
               padded(upper(to_string(status)), 10));
}

std::string finding_lines(const Finding& finding, std::string_view member, const TextStyle& style) {
  const std::string what = escaped(finding.rule) + "  " +
                           escaped(finding.title.empty() ? finding.message : finding.title);
  std::string lines = "  " + style.severity(finding.severity) + "  " +
                      wrapped(what, style.width - kIndent, kIndent) + "\n";
  const std::string place = where(finding, member);
  if (!place.empty()) lines += block(place, style);
  lines += evidence_lines(finding, style);
  if (style.verbose) lines += advice_lines(finding, style);
  return lines;
}

std::string gap_lines(const Gap& gap, const TextStyle& style) {
  std::string path = escaped(gap.path);
  if (path.empty()) path = "(the source)";
  std::string lines = "  " + shortened_in_middle(path, style.width - 2) + "\n";
  std::string reason(to_string(gap.reason));
  std::replace(reason.begin(), reason.end(), '_', ' ');
  const std::string why = reason + " at " + hex_number(gap.offset) +
                          (gap.message.empty() ? "" : ": " + escaped(gap.message));
  return lines + "    " + wrapped(why, style.width - 4, 4) + "\n";
}

std::string upper(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string hex_number(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

}  // namespace assay::sbom
