#include "scanner/provenance/signature_facts.h"

#include <algorithm>
#include <set>

#include "core/text.h"

namespace assay {
namespace {

using provenance::Check;
using provenance::Coverage;
using provenance::CoverageState;
using provenance::Evidence;
using provenance::Outcome;

constexpr std::string_view kWholeSource = ".";
constexpr std::string_view kLayout = "oci-layout";

Fact fact_of(const Evidence& evidence, std::string_view state, std::string reason,
             std::string detail) {
  std::string signer;
  if (evidence.signer) {
    signer = evidence.signer->identity.empty() ? "sha256:" + evidence.signer->fingerprint
                                               : evidence.signer->identity;
  }
  return {0, 0,
          Signature{evidence.kind, std::string(state), std::move(signer), std::move(reason),
                    std::move(detail)}};
}

// The check that decided the state.
const Check* deciding(const Evidence& evidence) {
  if (const Check* failure = evidence.checks.first_failure()) return failure;
  return evidence.checks.first(Outcome::unknown);
}

Fact fact_of(const Evidence& evidence) {
  const Check* check = deciding(evidence);
  return fact_of(evidence, evidence.state(), check ? check->name : "", check ? check->message : "");
}

// Git's own files and the signature itself are left out by everybody.
bool is_expected_outside(const Coverage& file, const std::string& evidence_path) {
  return file.path == evidence_path || base_name(file.path).starts_with(".git") ||
         file.path.starts_with(".git/") || file.path.contains("/.git/");
}

bool concerns_rules(const Coverage& file, const EvidenceRecord& record) {
  // Blobs that nothing leads to are left over by every tool.
  if (record.evidence.kind == kLayout && file.state == CoverageState::extra) return false;
  switch (file.state) {
    case CoverageState::covered:
    case CoverageState::excluded_by_default:
    case CoverageState::missing:  // told by the evidence: there is no such file
    case CoverageState::weights_absent:
      return false;
    case CoverageState::excluded_by_signer:
    case CoverageState::excluded_by_user:
    case CoverageState::extra:
    case CoverageState::not_covered:
      return !is_expected_outside(file, record.path);
    case CoverageState::changed:
      break;
  }
  return true;
}

// A commit without a signature is no signature, and neither is a listing.
bool is_signature(const EvidenceRecord& record) {
  const Check* open = record.evidence.checks.first(Outcome::unknown);
  if (open && open->name == "git.unsigned") return false;
  return record.evidence.signer.has_value() ||
         !(record.evidence.kind.starts_with("hub-") || record.evidence.kind == kLayout);
}

// A folder of prose need not be signed.
bool holds_more_than_text(const ScanResult& result) {
  return std::ranges::any_of(result.files, [](const Artifact& file) {
    return !file.left_out && file.format != "text" && file.format != "empty";
  });
}

}  // namespace

std::map<std::string, std::vector<Fact>> signature_facts(const ScanResult& result) {
  std::map<std::string, std::vector<Fact>> facts;
  bool signature = false;
  for (const auto& record : result.provenance) {
    signature = signature || is_signature(record);
    facts[record.path].push_back(fact_of(record.evidence));
    for (const Coverage& file : record.evidence.coverage) {
      if (!concerns_rules(file, record)) continue;
      facts[file.path].push_back(fact_of(record.evidence, to_string(file.state), "", record.path));
    }
  }
  if (!signature && holds_more_than_text(result)) {
    facts[std::string(kWholeSource)].push_back({0, 0, Signature{"none", "unsigned", "", "", ""}});
  }
  return facts;
}

void add_required(const ScanResult& result, std::map<std::string, std::vector<Fact>>& facts) {
  std::set<std::string> covered;
  for (const auto& [path, evidence] : result.provenance) {
    if (evidence.state() != "verified") continue;
    covered.insert(path);
    for (const Coverage& file : evidence.coverage) {
      const bool counts = file.state == CoverageState::covered ||
                          file.state == CoverageState::excluded_by_default ||
                          is_expected_outside(file, path);
      if (counts) covered.insert(file.path);
    }
  }
  for (const Artifact& file : result.files) {
    if (file.left_out || covered.contains(file.path)) continue;
    facts[file.path].push_back({0, 0, Signature{"none", "required", "", "", ""}});
  }
}

}  // namespace assay
