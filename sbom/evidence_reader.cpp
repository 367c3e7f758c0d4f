#include "sbom/evidence_reader.h"

#include <cstdint>
#include <string>
#include <utility>

namespace assay::sbom {
namespace {

using provenance::Check;
using provenance::Coverage;
using provenance::CoverageState;
using provenance::Evidence;
using provenance::Outcome;
using provenance::Signer;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs read_pairs(JsonReader& in, const JsonObject& object, std::string_view name) {
  Pairs pairs;
  in.groups(object, name, [&](std::string key, std::string text) {
    pairs.emplace_back(std::move(key), std::move(text));
  });
  return pairs;
}

void read_signer(JsonReader& in, const JsonObject& object, Evidence& evidence) {
  if (!in.has(object, "signer")) return;
  in.object(object, "signer", [&](const JsonObject& signer) {
    evidence.signer = Signer{in.text(signer, "identity"), in.text(signer, "issuer"),
                             in.text(signer, "fingerprint"), read_pairs(in, signer, "claims")};
    evidence.signer_checked = in.flag(signer, "checked");
  });
}

void read_checks(JsonReader& in, const JsonObject& object, Evidence& evidence) {
  in.each_object(object, "checks", [&](const JsonObject& item) {
    Check check{in.text(item, "name"), Outcome::passed, in.text(item, "message")};
    if (!provenance::outcome_from(in.text(item, "outcome"), check.outcome)) {
      in.complain("a known word", "outcome");
    }
    evidence.checks.items().push_back(std::move(check));
  });
}

void read_coverage(JsonReader& in, const JsonObject& object, Evidence& evidence) {
  in.each_object(object, "coverage", [&](const JsonObject& item) {
    Coverage coverage{in.text(item, "path"), CoverageState::covered};
    if (!provenance::coverage_state_from(in.text(item, "state"), coverage.state)) {
      in.complain("a known word", "state");
    }
    evidence.coverage.push_back(std::move(coverage));
  });
}

std::int64_t seconds_of(JsonReader& in, const JsonObject& item) {
  const std::uint64_t seconds = in.number(item, "seconds");
  if (std::in_range<std::int64_t>(seconds)) return static_cast<std::int64_t>(seconds);
  in.complain("a time", "seconds");
  return 0;
}

void read_times(JsonReader& in, const JsonObject& object, Evidence& evidence) {
  in.each_object(object, "times", [&](const JsonObject& item) {
    evidence.times.push_back(
        {in.text(item, "source"), in.text(item, "authority"), seconds_of(in, item)});
  });
}

}  // namespace

std::vector<EvidenceRecord> read_provenance(JsonReader& in, const JsonObject& report) {
  std::vector<EvidenceRecord> records;
  in.object(report, "provenance", [&](const JsonObject& provenance) {
    if (!in.has(provenance, "evidence")) return;
    in.each_object(provenance, "evidence", [&](const JsonObject& item) {
      EvidenceRecord& record = records.emplace_back();
      record.path = in.text(item, "path");
      record.evidence.kind = in.text(item, "kind");
      record.evidence.method = in.text(item, "method");
      read_signer(in, item, record.evidence);
      read_times(in, item, record.evidence);
      read_checks(in, item, record.evidence);
      read_coverage(in, item, record.evidence);
      record.evidence.properties = read_pairs(in, item, "properties");
    });
  });
  return records;
}

}  // namespace assay::sbom
