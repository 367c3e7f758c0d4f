// The reader of our own reports.
#include <algorithm>
#include <array>
#include <utility>

#include "sbom/evidence_reader.h"
#include "sbom/json_reader.h"
#include "sbom/report.h"

namespace assay {
namespace {

using sbom::JsonObject;
using sbom::JsonReader;

template <typename E, typename Find>
E word(JsonReader& reader, const JsonObject& in, std::string_view name, Find find) {
  E value{};
  if (!find(reader.text(in, name), value)) reader.complain("a known word", name);
  return value;
}

bool call_kind_from(std::string_view text, CallKind& kind) {
  for (int i = 0; i <= static_cast<int>(CallKind::method); ++i) {
    kind = static_cast<CallKind>(i);
    if (to_string(kind) == text) return true;
  }
  return false;
}

bool verdict_from(std::string_view text, Verdict& verdict) {
  for (const Verdict known : {Verdict::pass, Verdict::fail, Verdict::incomplete}) {
    verdict = known;
    if (to_string(known) == text) return true;
  }
  return false;
}

FactValue read_call(JsonReader& in, const JsonObject& call) {
  Call out;
  out.kind = word<CallKind>(in, call, "kind", call_kind_from);
  out.expression = in.text(call, "expression");
  return out;
}
FactValue read_code(JsonReader& in, const JsonObject& code) {
  return CodeBlob{in.text(code, "language"), in.text(code, "text")};
}
FactValue read_reference(JsonReader& in, const JsonObject& reference) {
  return Reference{in.text(reference, "kind"), in.text(reference, "target")};
}
FactValue read_embedded(JsonReader& in, const JsonObject& embedded) {
  return Embedded{in.text(embedded, "format")};
}
FactValue read_anomaly(JsonReader& in, const JsonObject& anomaly) {
  return Anomaly{in.text(anomaly, "code"), in.text(anomaly, "detail")};
}
FactValue read_match(JsonReader& in, const JsonObject& match) {
  return Match{in.text(match, "rule"), in.text(match, "excerpt"), in.text(match, "severity"),
               in.text(match, "description")};
}
FactValue read_signature(JsonReader& in, const JsonObject& signature) {
  return Signature{in.text(signature, "kind"), in.text(signature, "state"),
                   in.text(signature, "signer"), in.text_if_any(signature, "reason"),
                   in.text_if_any(signature, "detail")};
}

struct FactList {
  std::string_view name;
  FactValue (*read)(JsonReader& in, const JsonObject& item);
};
constexpr std::array<FactList, 7> kFactLists{{{"calls", read_call},
                                              {"code", read_code},
                                              {"references", read_reference},
                                              {"embedded", read_embedded},
                                              {"anomalies", read_anomaly},
                                              {"matches", read_match},
                                              {"signatures", read_signature}}};

TensorTotals read_tensor_totals(JsonReader& in, const JsonObject& totals) {
  return {in.number(totals, "count"), in.number(totals, "parameters"), in.number(totals, "bytes")};
}

FactTotals read_totals(JsonReader& in, const JsonObject& facts) {
  FactTotals totals;
  if (in.has(facts, "tensors")) {
    in.object(facts, "tensors", [&](const JsonObject& tensors) {
      totals.tensors = read_tensor_totals(in, tensors);
      in.each_object_of(tensors, "by_dtype", [&](std::string_view dtype, const JsonObject& count) {
        totals.tensors_by_dtype[std::string(dtype)] = read_tensor_totals(in, count);
      });
    });
  }
  if (in.has(facts, "members")) {
    in.object(facts, "members", [&](const JsonObject& members) {
      totals.members = {in.number(members, "count"), in.number(members, "stored_size"),
                        in.number(members, "size")};
    });
  }
  if (in.has(facts, "left_out")) {
    in.each_number_of(facts, "left_out", [&](std::string_view list, std::uint64_t count) {
      totals.left_out[std::string(list)] = count;
    });
  }
  return totals;
}

void read_facts(JsonReader& in, const JsonObject& facts, Artifact& artifact) {
  artifact.totals = read_totals(in, facts);
  if (in.has(facts, "metadata")) {
    in.groups(facts, "metadata", [&](std::string key, std::string value) {
      artifact.facts.push_back({0, 0, Metadata{std::move(key), std::move(value)}});
    });
  }
  for (const FactList& list : kFactLists) {
    if (!in.has(facts, list.name)) continue;
    in.each_object(facts, list.name, [&](const JsonObject& item) {
      artifact.facts.push_back(
          {in.number(item, "offset"), in.number(item, "size"), list.read(in, item)});
    });
  }
}

bool is_sha256_or_empty(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.empty() || (text.size() == 64 && std::all_of(text.begin(), text.end(), is_hex));
}

// All of an artifact but its members.
Artifact read_own(JsonReader& in, const JsonObject& object) {
  Artifact artifact;
  artifact.path = in.text(object, "path");
  artifact.size = in.number(object, "size");
  artifact.sha256 = in.text(object, "sha256");
  if (!is_sha256_or_empty(artifact.sha256)) in.complain("a SHA-256 in lower-case hex", "sha256");
  artifact.format = in.text(object, "format");
  artifact.formats = in.texts(object, "formats");
  artifact.status = word<Status>(in, object, "status", status_from);
  artifact.left_out = artifact.status == Status::unscanned;
  in.each_object(object, "imports", [&](const JsonObject& verdict) {
    artifact.imports.push_back(
        {{in.text(verdict, "module"), in.text(verdict, "name")}, in.text(verdict, "safety")});
  });
  in.object(object, "facts", [&](const JsonObject& facts) { read_facts(in, facts, artifact); });
  return artifact;
}

// Reads `files` and the members at every depth.
void read_artifacts(JsonReader& in, const JsonObject& report, std::vector<Artifact>& files) {
  // Where to put the next one. They stay put: a list grows only while on top.
  std::vector<std::vector<Artifact>*> into{&files};
  const auto enter = [&](const JsonObject& object) {
    into.push_back(&into.back()->emplace_back(read_own(in, object)).members);
  };
  in.each_nested(report, "files", "members", enter, [&] { into.pop_back(); });
}

std::vector<Finding> read_findings(JsonReader& in, const JsonObject& report,
                                   std::string_view name) {
  std::vector<Finding> findings;
  in.each_object(report, name, [&](const JsonObject& object) {
    Finding& finding = findings.emplace_back();
    finding.rule = in.text(object, "rule");
    finding.severity = word<Severity>(in, object, "severity", severity_from);
    finding.title = in.text(object, "title");
    finding.message = in.text(object, "message");
    finding.path = in.text(object, "path");
    finding.offset = in.number(object, "offset");
    finding.size = in.number(object, "size");
    in.groups(object, "evidence", [&](std::string key, std::string value) {
      finding.evidence.push_back({std::move(key), std::move(value)});
    });
    finding.fix = in.text(object, "fix");
    finding.references = in.texts(object, "references");
    finding.fingerprint = in.text(object, "fingerprint");
  });
  return findings;
}

std::vector<Gap> read_gaps(JsonReader& in, const JsonObject& report) {
  std::vector<Gap> gaps;
  in.each_object(report, "gaps", [&](const JsonObject& object) {
    gaps.push_back({.path = in.text(object, "path"),
                    .reason = word<ParseErrc>(in, object, "reason", parse_errc_from),
                    .message = in.text(object, "message"),
                    .offset = in.number(object, "offset")});
  });
  return gaps;
}

void read_head(JsonReader& in, const JsonObject& report, ScanResult& result) {
  in.object(report, "tool", [&](const JsonObject& tool) {
    result.tool = {in.text(tool, "name"),
                   in.text(tool, "version"),
                   in.text(tool, "rules_digest"),
                   in.text(tool, "sandbox"),
                   {}};
    if (in.has(tool, "sandbox_missing")) {
      result.tool.sandbox_missing = in.texts(tool, "sandbox_missing");
    }
  });
  in.object(report, "source", [&](const JsonObject& source) {
    result.source = {in.text(source, "uri"), in.text(source, "kind"), in.text(source, "revision")};
  });
  result.verdict = word<Verdict>(in, report, "verdict", verdict_from);
  const std::uint64_t exit_code = in.number(report, "exit_code");
  if (exit_code > 255) in.complain("an exit code", "exit_code");
  result.exit_code = static_cast<int>(exit_code & 0xFF);
}

void read_summary(JsonReader& in, const JsonObject& report, Summary& summary) {
  in.object(report, "summary", [&](const JsonObject& object) {
    summary.files = in.number(object, "files");
    summary.members = in.number(object, "members");
    summary.bytes_total = in.number(object, "bytes_total");
    summary.bytes_read = in.number(object, "bytes_read");
    summary.gaps = in.number(object, "gaps");
    in.object(object, "findings", [&](const JsonObject& findings) {
      for (std::size_t i = 0; i < std::size(summary.findings); ++i) {
        summary.findings[i] = in.number(findings, to_string(static_cast<Severity>(i)));
      }
    });
  });
}

Parsed<ScanResult> read_object(const JsonObject& report) {
  JsonReader in;
  const std::string version = in.text(report, "schema_version");
  if (in.error()) return std::unexpected(*in.error());
  if (!version.starts_with("1.")) {
    return fail(ParseErrc::unsupported, 0, "report: schema version is not 1.x");
  }
  ScanResult result;
  read_head(in, report, result);
  read_summary(in, report, result.summary);
  read_artifacts(in, report, result.files);
  result.findings = read_findings(in, report, "findings");
  result.gaps = read_gaps(in, report);
  result.suppressed = read_findings(in, report, "suppressed");
  result.provenance = sbom::read_provenance(in, report);
  if (in.error()) return std::unexpected(*in.error());
  return result;
}

}  // namespace

Parsed<ScanResult> read_report(std::string_view json) {
  Parsed<ScanResult> result;
  const auto error =
      sbom::visit_json(json, [&](const JsonObject& report) { result = read_object(report); });
  if (error) return std::unexpected(*error);
  return result;
}

}  // namespace assay
