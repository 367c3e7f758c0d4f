#include "sbom/sarif_report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <map>

#include "core/text.h"
#include "sbom/fact_summary.h"
#include "sbom/json_writer.h"
#include "sbom/references.h"
#include "sbom/report_index.h"
#include "sbom/sandbox_words.h"
#include "sbom/sarif_artifacts.h"
#include "sbom/sarif_rules.h"
#include "sbom/sha256.h"

namespace assay::sbom {
namespace {

constexpr std::size_t kMaxSnippet = 500;

// What toolExecutionNotifications point to: the reasons of ParseErrc in order,
// then one for the report itself and one for the whole scan.
struct Notification {
  std::string_view id;
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Notification, 12> kNotifications{
    {{"gap/truncated", "Truncated", "The bytes end before the structure does."},
     {"gap/malformed", "Malformed", "The bytes contradict the format."},
     {"gap/over_budget", "OverBudget", "A limit of the scan was reached."},
     {"gap/timeout", "Timeout", "The time for the file ran out."},
     {"gap/crashed", "Crashed", "Reading the file failed inside the scanner."},
     {"gap/encrypted", "Encrypted", "The content is encrypted."},
     {"gap/unsupported", "Unsupported", "There is no reader for this content."},
     {"gap/unreadable", "Unreadable", "The file could not be read."},
     {"gap/not_fetched", "NotFetched", "The content is named but not present."},
     {"gap/changed", "Changed", "The file changed while it was read."},
     {"results-left-out", "ResultsLeftOut", "There are more results than the report holds."},
     {"sandbox-incomplete", "SandboxIncomplete", "A layer of the sandbox was not in force."}}};
constexpr std::size_t kResultsLeftOut = 10;
constexpr std::size_t kSandboxIncomplete = 11;

class SarifReport {
 public:
  explicit SarifReport(const ScanResult& result)
      : result_(result), index_(result), rules_(result), artifacts_(result, index_) {}

  std::string take() {
    out_.begin_object();
    out_.member("$schema",
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                "sarif-schema-2.1.0.json");
    out_.member("version", "2.1.0").array("runs").begin_object();
    tool();
    rules_.write_taxonomies(out_);
    origin();
    invocation();
    artifacts_.write(out_);
    results();
    out_.member("columnKind", "unicodeCodePoints").end_object().end_array().end_object();
    return out_.take();
  }

 private:
  void tool() {
    const ToolInfo& tool = result_.tool;
    out_.object("tool").object("driver").member("name", "assay").member("version", tool.version);
    if (is_semantic(tool.version)) out_.member("semanticVersion", tool.version);
    out_.object("properties").member("rules_digest", tool.rules_digest);
    out_.member("sandbox", tool.sandbox).array("sandbox_missing");
    for (const std::string& layer : tool.sandbox_missing) out_.value(layer);
    out_.end_array().end_object();
    rules_.write(out_);
    out_.array("notifications");
    for (const Notification& notification : kNotifications) descriptor(notification);
    out_.end_array().end_object().end_object();
  }

  void descriptor(const Notification& notification) {
    out_.begin_object().member("id", notification.id).member("name", notification.name);
    for (const char* name : {"shortDescription", "fullDescription", "help"}) {
      out_.object(name).member("text", notification.text).end_object();
    }
    out_.end_object();
  }

  void refer_to_notification(std::size_t index) {
    out_.object("descriptor").member("id", kNotifications.at(index).id);
    out_.member("index", index).end_object();
  }

  static bool is_semantic(std::string_view version) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::count(version.begin(), version.end(), '.') == 2 && is_digit(version.front()) &&
           is_digit(version.back()) && !version.contains("..") &&
           std::all_of(version.begin(), version.end(),
                       [&](char c) { return is_digit(c) || c == '.'; });
  }

  void origin() {
    out_.object("automationDetails");
    out_.member("id", "assay/" + relative_uri(source_label(result_.source)) + "/").end_object();
    const std::string repository = hub_repository(result_.source);
    if (!repository.empty()) {
      out_.array("versionControlProvenance").begin_object();
      out_.member("repositoryUri", "https://huggingface.co/" + relative_uri(repository));
      if (!result_.source.revision.empty()) out_.member("revisionId", result_.source.revision);
      out_.object("mappedTo").member("uriBaseId", "ROOT").end_object().end_object().end_array();
    }
    out_.object("originalUriBaseIds").object("ROOT").object("description");
    out_.member("text", "The root of what was scanned.").end_object().end_object().end_object();
  }

  void invocation() {
    out_.array("invocations").begin_object();
    out_.member("executionSuccessful", result_.gaps.empty());
    out_.member("exitCode", result_.exit_code);
    out_.array("toolExecutionNotifications");
    sandbox();
    const std::size_t gaps = std::min(result_.gaps.size(), kMaxSarifResults);
    for (std::size_t i = 0; i < gaps; ++i) gap(result_.gaps[i]);
    left_out(result_.gaps.size() - gaps, "gaps");
    left_out(left_out_results(), "results");
    out_.end_array().end_object().end_array();
  }

  void sandbox() {
    if (is_fully_sandboxed(result_.tool)) return;
    out_.begin_object().member("level", "warning").object("message");
    out_.member("text", sentence(sandbox_line(result_.tool))).end_object();
    refer_to_notification(kSandboxIncomplete);
    out_.end_object();
  }

  void gap(const Gap& gap) {
    const std::string reason(to_string(gap.reason));
    const std::string message = gap.message.empty() ? "not examined" : gap.message;
    out_.begin_object().member("level", "warning").object("message");
    out_.member("text", sentence("Not examined (" + reason + "): '" + escaped(gap.path) +
                                 "' at byte " + std::to_string(gap.offset) + ": " + message));
    out_.end_object();
    refer_to_notification(std::to_underlying(gap.reason));
    out_.array("locations").begin_object();
    physical_location(gap.path, gap.offset, 0, "");
    out_.end_object().end_array().end_object();
  }

  void left_out(std::size_t count, std::string_view what) {
    if (count == 0) return;
    out_.begin_object().member("level", "warning").object("message");
    out_.member("text", std::to_string(count) + " more " + std::string(what) +
                            " were left out of this file.");
    out_.end_object();
    refer_to_notification(kResultsLeftOut);
    out_.end_object();
  }

  std::size_t left_out_results() const {
    const std::size_t all = result_.findings.size() + result_.suppressed.size();
    return all > kMaxSarifResults ? all - kMaxSarifResults : 0;
  }

  // The worst results that fit, in the order of the report; suppressed ones last.
  void results() {
    std::vector<const Finding*> chosen;
    for (const Finding& finding : result_.findings) chosen.push_back(&finding);
    if (chosen.size() > kMaxSarifResults) {
      std::sort(chosen.begin(), chosen.end(), is_worse);
      chosen.resize(kMaxSarifResults);
      std::sort(chosen.begin(), chosen.end(), std::less<>());
    }
    out_.array("results");
    for (const Finding* finding : chosen) write_result(*finding, false);
    const std::size_t room = kMaxSarifResults - chosen.size();
    for (std::size_t i = 0; i < std::min(room, result_.suppressed.size()); ++i) {
      write_result(result_.suppressed[i], true);
    }
    out_.end_array();
  }

  void write_result(const Finding& finding, bool is_suppressed) {
    const std::string rule = to_utf8(finding.rule);
    out_.begin_object().member("ruleId", rule).member("ruleIndex", rules_.index_of(rule));
    out_.member("level", sarif_level(finding.severity)).member("kind", "fail");
    out_.key("rank").literal(sarif_rank(finding.severity));
    message(finding);
    out_.array("locations").begin_object();
    physical_location(finding.path, finding.offset, finding.size, snippet_of(finding));
    logical_location(finding.path);
    out_.end_object().end_array();
    related_location(finding);
    fingerprints(finding);
    if (is_suppressed) {
      out_.array("suppressions").begin_object().member("kind", "external");
      out_.member("status", "accepted");
      const auto reason = std::ranges::find(finding.evidence, "suppressed", &Evidence::key);
      if (reason != finding.evidence.end()) {
        out_.member("justification", sarif_text(reason->value));
      }
      out_.end_object().end_array();
    }
    out_.end_object();
  }

  void message(const Finding& finding) {
    std::string text = sentence(finding.message.empty() ? finding.title : finding.message);
    if (text == ".") text = sentence(finding.rule);
    out_.object("message").member("text", text).member("id", "default");
    text.pop_back();
    out_.array("arguments").value(text).end_array().end_object();
  }

  static std::string snippet_of(const Finding& finding) {
    std::string snippet;
    for (const KeyValues& entry : grouped(finding.evidence)) {
      snippet += (snippet.empty() ? "" : "; ") + sarif_text(entry.key) + ":";
      for (const std::string& value : entry.values) snippet += " " + sarif_text(value);
    }
    return excerpt(snippet, kMaxSnippet);
  }

  // The file, for GitHub with a line. A byte offset counts from the start of the
  // file, so what is inside a member has none here: see related_location.
  void physical_location(const std::string& path, std::uint64_t offset, std::uint64_t size,
                         const std::string& snippet) {
    const auto* place = index_.nearest(path);
    out_.object("physicalLocation").object("artifactLocation");
    if (place) {
      const Artifact& file = result_.files[place->file];
      out_.member("uri", relative_uri(file.path)).member("uriBaseId", "ROOT");
      out_.member("index", artifacts_.index_of(&file));
    } else {
      out_.member("uri", relative_uri(path)).member("uriBaseId", "ROOT");
    }
    out_.end_object().object("region").member("startLine", 1).member("startColumn", 1);
    out_.member("endColumn", 2);
    if (place && index_.member_of(path).empty()) byte_range(offset, size);
    if (!snippet.empty()) {
      out_.object("snippet").object("rendered").member("text", snippet).end_object().end_object();
    }
    out_.end_object().end_object();
  }

  void byte_range(std::uint64_t offset, std::uint64_t size) {
    if (offset > kMaxSarifInteger || size > kMaxSarifInteger) return;
    out_.member("byteOffset", offset).member("byteLength", size);
  }

  void logical_location(const std::string& path) {
    const std::string member = index_.member_of(path);
    if (member.empty()) return;
    out_.array("logicalLocations").begin_object();
    out_.member("name", escaped(base_name(member)));
    out_.member("fullyQualifiedName", escaped(path)).member("kind", "member");
    out_.end_object().end_array();
  }

  void related_location(const Finding& finding) {
    const auto* place = index_.find(finding.path);
    if (!place || !place->is_member()) return;
    out_.array("relatedLocations").begin_object().member("id", 1);
    out_.object("physicalLocation").object("artifactLocation");
    out_.member("uri", relative_uri(path_within(*place->parent, *place->artifact)));
    out_.member("index", artifacts_.index_of(place->artifact)).end_object();
    out_.object("region").member("startLine", 1);
    byte_range(finding.offset, finding.size);
    out_.end_object().end_object().object("message");
    out_.member("text", sentence("The bytes inside the archive member '" +
                                 index_.member_of(finding.path) + "'"));
    out_.end_object().end_object().end_array();
  }

  // primaryLocationLineHash is what GitHub tells alerts apart by: with the path,
  // and numbered, for two alike in one file. The other one has no path.
  void fingerprints(const Finding& finding) {
    const std::string path = to_utf8(finding.path);
    const std::string hash =
        short_digest(to_utf8(finding.rule) + '\0' + path + '\0' + to_utf8(finding.fingerprint));
    out_.object("partialFingerprints");
    out_.member("primaryLocationLineHash", hash + ":" + std::to_string(++seen_[hash]));
    if (!finding.fingerprint.empty()) out_.member("assayFinding/v1", finding.fingerprint);
    out_.end_object();
  }

  const ScanResult& result_;
  ReportIndex index_;
  SarifRules rules_;
  SarifArtifacts artifacts_;
  std::map<std::string, int> seen_;
  JsonWriter out_;
};

}  // namespace

std::string sarif_report(const ScanResult& result) { return SarifReport(result).take(); }

}  // namespace assay::sbom
