#include "sbom/json_report.h"

#include "sbom/artifact_walk.h"
#include "sbom/evidence_json.h"
#include "sbom/json_facts.h"
#include "sbom/json_writer.h"

namespace assay::sbom {
namespace {

void write_texts(JsonWriter& out, const char* name, const std::vector<std::string>& texts) {
  out.array(name);
  for (const std::string& text : texts) out.value(text);
  out.end_array();
}

void write_imports(JsonWriter& out, const std::vector<ImportVerdict>& imports) {
  out.array("imports");
  for (const ImportVerdict& verdict : imports) {
    out.begin_object().member("module", verdict.import.module).member("name", verdict.import.name);
    out.member("safety", verdict.safety).end_object();
  }
  out.end_array();
}

// All of an artifact but its members.
void write_own(JsonWriter& out, const Artifact& artifact) {
  out.member("path", artifact.path).member("size", artifact.size);
  out.member("sha256", artifact.sha256).member("format", artifact.format);
  write_texts(out, "formats", artifact.formats);
  out.member("status", to_string(artifact.status));
  write_imports(out, artifact.imports);
  out.key("facts");
  write_facts(out, artifact);
}

// The members of a JSON object for `root`; the caller has opened it.
void write_artifact_members(JsonWriter& out, const Artifact& root) {
  const auto enter = [&](const Artifact& artifact) {
    if (&artifact != &root) out.begin_object();
    write_own(out, artifact);
    out.array("members");
    return true;
  };
  const auto leave = [&](const Artifact& artifact) {
    out.end_array();
    if (&artifact != &root) out.end_object();
  };
  walk(root, enter, leave);
}

void write_finding_members(JsonWriter& out, const Finding& finding) {
  out.member("rule", finding.rule).member("severity", to_string(finding.severity));
  out.member("title", finding.title).member("message", finding.message);
  out.member("path", finding.path).member("offset", finding.offset).member("size", finding.size);
  out.key("evidence");
  write_groups(out, grouped(finding.evidence));
  out.member("fix", finding.fix);
  write_texts(out, "references", finding.references);
  out.member("fingerprint", finding.fingerprint);
}

void write_gap_members(JsonWriter& out, const Gap& gap) {
  out.member("path", gap.path).member("reason", to_string(gap.reason));
  out.member("message", gap.message).member("offset", gap.offset);
}

void write_tool_and_source(JsonWriter& out, const ScanResult& result) {
  out.object("tool").member("name", result.tool.name).member("version", result.tool.version);
  out.member("rules_digest", result.tool.rules_digest).member("sandbox", result.tool.sandbox);
  write_texts(out, "sandbox_missing", result.tool.sandbox_missing);
  out.end_object();
  out.object("source").member("uri", result.source.uri).member("kind", result.source.kind);
  out.member("revision", result.source.revision).end_object();
}

void write_verdict(JsonWriter& out, const ScanResult& result) {
  const Summary& summary = result.summary;
  out.member("verdict", to_string(result.verdict)).member("exit_code", result.exit_code);
  out.object("summary").member("files", summary.files).member("members", summary.members);
  out.member("bytes_total", summary.bytes_total).member("bytes_read", summary.bytes_read);
  out.object("findings");
  for (const Severity severity :
       {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info}) {
    out.member(to_string(severity), summary.findings[std::to_underlying(severity)]);
  }
  out.end_object().member("gaps", summary.gaps).end_object();
}

// One array member of a report, or with a `type` one line of JSON lines.
template <typename Write, typename T>
void write_all(JsonWriter& out, const std::vector<T>& items, Write write) {
  for (const T& item : items) {
    out.begin_object();
    write(out, item);
    out.end_object();
  }
}

template <typename Write, typename T>
void write_lines(std::string& lines, const char* type, const std::vector<T>& items, Write write) {
  JsonWriter out{JsonWriter::Style::one_line};
  for (const T& item : items) {
    out.begin_object().member("type", type);
    write(out, item);
    out.end_object();
    lines += out.take();
  }
}

void write_provenance(JsonWriter& out, const std::vector<EvidenceRecord>& records) {
  out.object("provenance").member("state", provenance_state(records)).array("evidence");
  write_all(out, records, write_evidence_members);
  out.end_array().end_object();
}

std::string summary_line(const ScanResult& result) {
  JsonWriter out{JsonWriter::Style::one_line};
  out.begin_object().member("type", "summary").member("schema_version", kSchemaVersion);
  write_tool_and_source(out, result);
  write_verdict(out, result);
  out.end_object();
  return out.take();
}

}  // namespace

std::string json_report(const ScanResult& result) {
  JsonWriter out;
  out.begin_object().member("schema_version", kSchemaVersion);
  write_tool_and_source(out, result);
  write_verdict(out, result);
  out.array("files");
  write_all(out, result.files, write_artifact_members);
  out.end_array().array("findings");
  write_all(out, result.findings, write_finding_members);
  out.end_array().array("gaps");
  write_all(out, result.gaps, write_gap_members);
  out.end_array().array("suppressed");
  write_all(out, result.suppressed, write_finding_members);
  out.end_array();
  write_provenance(out, result.provenance);
  out.object("model").end_object().end_object();
  return out.take();
}

std::string jsonl_report(const ScanResult& result) {
  std::string lines;
  write_lines(lines, "file", result.files, write_artifact_members);
  write_lines(lines, "finding", result.findings, write_finding_members);
  write_lines(lines, "gap", result.gaps, write_gap_members);
  write_lines(lines, "suppressed", result.suppressed, write_finding_members);
  write_lines(lines, "evidence", result.provenance, write_evidence_members);
  return lines + summary_line(result);
}

}  // namespace assay::sbom
