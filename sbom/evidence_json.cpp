#include "sbom/evidence_json.h"

namespace assay::sbom {
namespace {

using provenance::Check;
using provenance::Coverage;
using provenance::Evidence;
using provenance::Outcome;
using provenance::VerifiedTime;

void write_signer(JsonWriter& out, const Evidence& evidence) {
  if (!evidence.signer) return;
  const provenance::Signer& signer = *evidence.signer;
  out.object("signer").member("identity", signer.identity).member("issuer", signer.issuer);
  out.member("fingerprint", signer.fingerprint).member("checked", evidence.signer_checked);
  out.object("claims");
  for (const auto& [name, value] : signer.claims) out.member(name, value);
  out.end_object().end_object();
}

void write_checks(JsonWriter& out, const Evidence& evidence) {
  out.array("checks");
  for (const Check& check : evidence.checks.list()) {
    out.begin_object().member("name", check.name).member("outcome", to_string(check.outcome));
    out.member("message", check.message).end_object();
  }
  out.end_array();
}

void write_times(JsonWriter& out, const Evidence& evidence) {
  out.array("times");
  for (const VerifiedTime& time : evidence.times) {
    out.begin_object().member("source", time.source).member("authority", time.authority);
    out.member("seconds", time.seconds).end_object();
  }
  out.end_array();
}

void write_coverage(JsonWriter& out, const Evidence& evidence) {
  out.array("coverage");
  for (const Coverage& coverage : evidence.coverage) {
    out.begin_object().member("path", coverage.path);
    out.member("state", to_string(coverage.state)).end_object();
  }
  out.end_array();
}

}  // namespace

void write_evidence(JsonWriter& out, const EvidenceRecord& record) {
  const Evidence& evidence = record.evidence;
  out.begin_object().member("path", record.path).member("kind", evidence.kind);
  out.member("method", evidence.method).member("state", evidence.state());
  const Check* failure = evidence.checks.first_failure();
  out.member("failure", failure ? failure->name : std::string());
  write_signer(out, evidence);
  write_times(out, evidence);
  write_checks(out, evidence);
  write_coverage(out, evidence);
  out.object("properties");
  for (const auto& [name, value] : evidence.properties) out.member(name, value);
  out.end_object().end_object();
}

}  // namespace assay::sbom
