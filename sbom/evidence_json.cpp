#include "sbom/evidence_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sbom/fact_summary.h"
#include "sbom/json_facts.h"

namespace assay::sbom {
namespace {

using provenance::Check;
using provenance::Coverage;
using provenance::Evidence;
using provenance::Outcome;
using provenance::VerifiedTime;

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A name may come more than once.
void write_pairs(JsonWriter& out, const char* name, const Pairs& pairs) {
  std::vector<assay::Evidence> entries;
  for (const auto& [key, value] : pairs) entries.push_back({key, value});
  out.key(name);
  write_groups(out, grouped(entries));
}

void write_signer(JsonWriter& out, const Evidence& evidence) {
  if (!evidence.signer) return;
  const provenance::Signer& signer = *evidence.signer;
  out.object("signer").member("identity", signer.identity).member("issuer", signer.issuer);
  out.member("fingerprint", signer.fingerprint).member("checked", evidence.signer_checked);
  write_pairs(out, "claims", signer.claims);
  out.end_object();
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
    // Nobody vouches for a moment before 1970.
    out.member("seconds", static_cast<std::uint64_t>(std::max<std::int64_t>(time.seconds, 0)));
    out.end_object();
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

void write_evidence_members(JsonWriter& out, const EvidenceRecord& record) {
  const Evidence& evidence = record.evidence;
  out.member("path", record.path).member("kind", evidence.kind);
  out.member("method", evidence.method).member("state", evidence.state());
  const Check* failure = evidence.checks.first_failure();
  out.member("failure", failure ? failure->name : std::string());
  write_signer(out, evidence);
  write_times(out, evidence);
  write_checks(out, evidence);
  write_coverage(out, evidence);
  write_pairs(out, "properties", evidence.properties);
}

}  // namespace assay::sbom
