#include "sbom/text_report.h"

#include <algorithm>
#include <map>

#include "core/text.h"
#include "sbom/evidence_text.h"
#include "sbom/fact_summary.h"
#include "sbom/report_index.h"
#include "sbom/sandbox_words.h"
#include "sbom/text_finding.h"
#include "sbom/text_layout.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxSafeFiles = 5;  // named one by one, unless verbose
constexpr std::size_t kMaxItems = 50;     // findings of a file, files, gaps, unless verbose

// One scan as text. Sections are appended in the order of the page.
class TextReport {
 public:
  TextReport(const ScanResult& result, const RenderOptions& options)
      : result_(result), options_(options), index_(result) {
    style_.width = static_cast<std::size_t>(std::clamp(options.width, 40, 1000));
    style_.color = options.color;
    style_.verbose = options.verbose;
    for (const Finding& finding : result.findings) {
      const auto* place = index_.nearest(finding.path);
      if (place) {
        by_file_[place->file].push_back(&finding);
      } else {
        elsewhere_[to_utf8(finding.path)].push_back(&finding);
      }
    }
  }

  std::string take() {
    if (!options_.quiet) verdict_line();
    findings_outside_files();
    for (const std::size_t file : worst_first()) file_block(file);
    if (!options_.quiet) file_summaries();
    suppressed();
    provenance();
    gaps();
    if (!options_.quiet) totals();
    return std::move(out_);
  }

 private:
  using Findings = std::vector<const Finding*>;

  bool whole() const { return options_.verbose || options_.quiet; }

  void verdict_line() {
    const bool nothing = result_.exit_code == 3;
    const auto color = result_.verdict == Verdict::pass && !nothing ? "1;32"
                       : result_.verdict == Verdict::fail           ? "1;31"
                                                                    : "1;35";
    const std::string word = nothing ? "NOTHING TO SCAN" : upper(to_string(result_.verdict));
    std::string counts = severity_counts(result_.summary);
    if (counts.empty()) counts = "no findings";
    if (result_.summary.gaps > 0) counts += ", " + counted(result_.summary.gaps, "gap");
    const std::string rest = ": " + counts + " in " + source_name(result_.source);
    const std::string line = wrapped(word + rest, style_.width - 2, 2);
    out_ += style_.paint(color, word) + line.substr(word.size()) + "\n";
    if (!result_.files.empty()) out_ += "\n";
  }

  void findings_outside_files() {
    for (auto& [path, findings] : elsewhere_) {
      out_ +=
          shortened_in_middle(path.empty() ? "(the source)" : escaped(path), style_.width) + "\n";
      finding_blocks(findings);
    }
  }

  // The files to show one by one: all with findings and all not safe.
  std::vector<std::size_t> worst_first() {
    std::vector<std::size_t> files;
    for (std::size_t i = 0; i < result_.files.size(); ++i) {
      const Status status = result_.files[i].status;
      const bool is_bad = status != Status::safe && status != Status::unscanned;
      if (by_file_.contains(i) || (is_bad && !options_.quiet)) files.push_back(i);
    }
    std::sort(files.begin(), files.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(-rank(result_.files[a].status), a) <
             std::pair(-rank(result_.files[b].status), b);
    });
    if (!whole() && files.size() > kMaxItems) {
      hidden_files_ = files.size() - kMaxItems;
      files.resize(kMaxItems);
    }
    return files;
  }

  static int rank(Status status) {
    return status == Status::unscanned ? -1 : static_cast<int>(status);
  }

  void file_block(std::size_t file) {
    file_line(result_.files[file]);
    const auto findings = by_file_.find(file);
    if (findings != by_file_.end()) finding_blocks(findings->second);
  }

  void file_line(const Artifact& file) {
    const std::string details = file_details(file);
    const std::size_t room = style_.width - 12;
    const std::string name = escaped(file.path);
    const std::size_t left = room - 2 - std::min(columns(name), room - 2);
    const std::size_t details_room = std::min(columns(details), std::max(room / 2, left));
    const std::string path = shortened_in_middle(name, room - details_room - 2);
    out_ += style_.status(file.status) + "  " + path + "  " +
            shortened_in_middle(details, details_room) + "\n";
  }

  static std::string file_details(const Artifact& file) {
    std::string details = escaped(file.format) + ", " + human_size(file.size);
    const TensorTotals tensors = tensor_totals(file);
    if (tensors.count > 0) details += ", " + counted(tensors.count, "tensor");
    return details;
  }

  void finding_blocks(Findings& findings) {
    std::sort(findings.begin(), findings.end(), is_worse);
    const std::size_t shown = whole() ? findings.size() : std::min(findings.size(), kMaxItems);
    for (std::size_t i = 0; i < shown; ++i) {
      out_ += finding_lines(*findings[i], index_.member_of(findings[i]->path), style_);
    }
    more(findings.size() - shown, "finding", "in this file (-v shows all)");
  }

  void more(std::uint64_t count, std::string_view noun, std::string_view why) {
    if (count == 0) return;
    const std::string text = "... and " + with_separators(count) + " more " + std::string(noun) +
                             (count == 1 ? " " : "s ") + std::string(why);
    out_ += "  " + wrapped(text, style_.width - 4, 4) + "\n";
  }

  void file_summaries() {
    more(hidden_files_, "file", "that are not safe (-v shows all)");
    std::size_t safe = 0;
    std::size_t unscanned = 0;
    for (std::size_t i = 0; i < result_.files.size(); ++i) {
      const Artifact& file = result_.files[i];
      if (by_file_.contains(i)) continue;
      if (file.status == Status::unscanned) ++unscanned;
      if (file.status != Status::safe) continue;
      if (++safe <= kMaxSafeFiles || options_.verbose) file_line(file);
    }
    if (safe > kMaxSafeFiles && !options_.verbose) {
      out_ += "... and " + with_separators(safe - kMaxSafeFiles) + " more safe\n";
    }
    if (unscanned > 0) out_ += "... and " + counted(unscanned, "file") + " left out on purpose\n";
  }

  void suppressed() {
    if (result_.suppressed.empty()) return;
    out_ += "\nSuppressed by policy:\n";
    const std::size_t shown =
        whole() ? result_.suppressed.size() : std::min(result_.suppressed.size(), kMaxItems);
    for (std::size_t i = 0; i < shown; ++i) {
      const Finding& finding = result_.suppressed[i];
      std::string what = escaped(finding.rule) + "  " + escaped(finding.path);
      const auto reason = std::ranges::find(finding.evidence, "suppressed", &Evidence::key);
      if (reason != finding.evidence.end()) what += ": " + escaped(reason->value);
      out_ += "  " + style_.severity(finding.severity) + "  " +
              wrapped(what, style_.width - 12, 12) + "\n";
    }
    more(result_.suppressed.size() - shown, "finding", "(-v shows all)");
  }

  void provenance() {
    if (result_.provenance.empty()) return;
    out_ += (out_.empty() ? "" : "\n") + style_.paint("1", "Provenance:") + "\n";
    const auto& all = result_.provenance;
    const std::size_t shown = whole() ? all.size() : std::min(all.size(), kMaxItems);
    for (std::size_t i = 0; i < shown; ++i) out_ += evidence_lines(all[i], style_);
    more(all.size() - shown, "piece", "of evidence (-v shows all)");
  }

  void gaps() {
    if (result_.gaps.empty()) return;
    out_ += (out_.empty() ? "" : "\n") + style_.paint("1;35", "Not examined:") + "\n";
    const std::size_t shown =
        whole() ? result_.gaps.size() : std::min(result_.gaps.size(), kMaxItems);
    for (std::size_t i = 0; i < shown; ++i) out_ += gap_lines(result_.gaps[i], style_);
    more(result_.gaps.size() - shown, "gap", "(-v shows all)");
  }

  void totals() {
    const Summary& summary = result_.summary;
    std::string line = counted(summary.files, "file") + ", " + counted(summary.members, "member") +
                       ", " + human_size(summary.bytes_total) + " (" +
                       human_size(summary.bytes_read) + " read): ";
    const std::string counts = severity_counts(summary);
    line += (counts.empty() ? "no findings" : counts) + ", " + counted(summary.gaps, "gap") + ".";
    out_ += "\n" + wrapped(line, style_.width - 2, 2) + "\n";
    if (!is_fully_sandboxed(result_.tool) || options_.verbose) {
      out_ += wrapped(sandbox_line(result_.tool), style_.width - 2, 2) + "\n";
    }
    out_ += wrapped("Exit code " + std::to_string(result_.exit_code) + ": " +
                        std::string(exit_code_meaning(result_.exit_code)) + ".",
                    style_.width - 2, 2) +
            "\n";
    if (const Finding* worst = worst_finding()) {
      out_ += wrapped("Why it matters and what to do: assay explain " + escaped(worst->rule),
                      style_.width - 2, 2) +
              "\n";
    }
  }

  const Finding* worst_finding() const {
    const auto worst = std::max_element(
        result_.findings.begin(), result_.findings.end(),
        [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    return worst == result_.findings.end() ? nullptr : &*worst;
  }

  const ScanResult& result_;
  const RenderOptions& options_;
  ReportIndex index_;
  TextStyle style_;
  std::map<std::size_t, Findings> by_file_;
  std::map<std::string, Findings> elsewhere_;
  std::uint64_t hidden_files_ = 0;
  std::string out_;
};

}  // namespace

std::string text_report(const ScanResult& result, const RenderOptions& options) {
  return TextReport(result, options).take();
}

std::string severity_counts(const Summary& summary) {
  std::string counts;
  for (int i = 4; i >= 0; --i) {
    if (summary.findings[i] == 0) continue;
    counts += counts.empty() ? "" : ", ";
    counts += with_separators(summary.findings[i]) + " ";
    counts += to_string(static_cast<Severity>(i));
  }
  return counts;
}

std::string source_name(const SourceInfo& source) {
  std::string name = escaped(source.uri);
  if (name.empty()) name = escaped(source.kind);
  if (!source.revision.empty()) name += " @ " + shortened(escaped(source.revision), 12);
  return name;
}

std::string_view exit_code_meaning(int exit_code) {
  switch (exit_code) {
    case 0:
      return "all was examined, nothing at or above the threshold";
    case 1:
      return "findings at or above the threshold, or the policy failed";
    case 2:
      return "something could not be examined, nothing else at the threshold";
    case 3:
      return "nothing to scan was found";
    case 4:
      return "wrong usage or configuration";
    case 130:
      return "interrupted";
    default:
      return "not one of ours";
  }
}

}  // namespace assay::sbom
