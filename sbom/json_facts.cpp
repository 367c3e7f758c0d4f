#include "sbom/json_facts.h"

#include "sbom/json_report.h"

namespace assay::sbom {
namespace {

void write(JsonWriter& out, const Call& call) {
  out.member("expression", call.expression.empty() ? dotted(call.callee) : call.expression);
  out.member("kind", to_string(call.kind));
}
void write(JsonWriter& out, const CodeBlob& code) {
  out.member("language", code.language).member("text", excerpt(code.text, kMaxExcerpt));
}
void write(JsonWriter& out, const Reference& reference) {
  out.member("kind", reference.kind).member("target", reference.target);
}
void write(JsonWriter& out, const Embedded& embedded) { out.member("format", embedded.format); }
void write(JsonWriter& out, const Anomaly& anomaly) {
  out.member("code", anomaly.code).member("detail", anomaly.detail);
}
void write(JsonWriter& out, const Match& match) {
  out.member("rule", match.rule).member("excerpt", excerpt(match.excerpt, kMaxExcerpt));
  out.member("severity", match.severity).member("description", match.description);
}
void write(JsonWriter& out, const Signature& signature) {
  out.member("kind", signature.kind).member("state", signature.state);
  out.member("signer", signature.signer).member("reason", signature.reason);
  out.member("detail", signature.detail);
}

template <typename T>
void write_list(JsonWriter& out, const char* name, const std::vector<const Fact*>& facts) {
  if (facts.empty()) return;
  out.array(name);
  for (const Fact* fact : facts) {
    out.begin_object();
    write(out, std::get<T>(fact->value));
    out.member("offset", fact->offset).member("size", fact->size).end_object();
  }
  out.end_array();
}

void write_tensor_totals(JsonWriter& out, const TensorTotals& totals) {
  out.member("count", totals.count).member("parameters", totals.parameters);
  out.member("bytes", totals.bytes);
}

void write_tensors(JsonWriter& out, const FactTotals& totals) {
  if (totals.tensors.count == 0) return;
  out.object("tensors");
  write_tensor_totals(out, totals.tensors);
  out.object("by_dtype");
  for (const auto& [dtype, count] : totals.tensors_by_dtype) {
    out.object(dtype);
    write_tensor_totals(out, count);
    out.end_object();
  }
  out.end_object().end_object();
}

void write_members(JsonWriter& out, const MemberTotals& members) {
  if (members.count == 0) return;
  out.object("members").member("count", members.count);
  out.member("stored_size", members.stored_size).member("size", members.size).end_object();
}

void write_left_out(JsonWriter& out, const FactTotals& totals) {
  if (totals.left_out.empty()) return;
  out.object("left_out");
  for (const auto& [list, count] : totals.left_out) out.member(list, count);
  out.end_object();
}

}  // namespace

void write_groups(JsonWriter& out, const std::vector<KeyValues>& groups) {
  out.begin_object();
  for (const auto& [key, values] : groups) {
    out.key(key);
    if (values.size() == 1) {
      out.value(values.front());
      continue;
    }
    out.begin_array();
    for (const std::string& value : values) out.value(value);
    out.end_array();
  }
  out.end_object();
}

void write_facts(JsonWriter& out, const Artifact& artifact) {
  const FactSummary facts = summarize(artifact);
  out.begin_object();
  if (!facts.metadata.empty()) {
    out.key("metadata");
    write_groups(out, facts.metadata);
  }
  write_tensors(out, facts.totals);
  write_members(out, facts.totals.members);
  write_list<Call>(out, "calls", facts.calls);
  write_list<CodeBlob>(out, "code", facts.code);
  write_list<Reference>(out, "references", facts.references);
  write_list<Embedded>(out, "embedded", facts.embedded);
  write_list<Anomaly>(out, "anomalies", facts.anomalies);
  write_list<Match>(out, "matches", facts.matches);
  write_list<Signature>(out, "signatures", facts.signatures);
  write_left_out(out, facts.totals);
  out.end_object();
}

}  // namespace assay::sbom
