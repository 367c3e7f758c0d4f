#include <algorithm>

#include "core/text.h"
#include "provenance/intoto/document.h"
#include "provenance/intoto/statement.h"
#include "provenance/intoto/verify.h"
#include "provenance/oms/manifest.h"
#include "scanner/provenance/verifiers.h"

namespace assay {
namespace {

namespace intoto = provenance::intoto;
using provenance::HashKind;
using provenance::NamedArtifact;

// Whether this is one bundle that signs a model: then its statement lists files in its
// own way.
bool is_model(Bytes document) {
  provenance::Checks unsaid;
  const auto all = intoto::split_attestations(document);
  if (all.size() != 1 || all[0].form != intoto::AttestationForm::bundle) return false;
  const auto bundle = provenance::parse_bundle(all[0].value, unsaid);
  if (!bundle || !bundle->envelope) return false;
  const auto statement = intoto::parse_statement(bundle->envelope->payload, unsaid);
  return statement && (statement->predicate_type == provenance::oms::kPredicateType ||
                       statement->predicate_type == provenance::oms::kOldPredicateType);
}

// The same request about one of the attestations alone.
VerifyRequest about(const VerifyRequest& request, Bytes attestation) {
  VerifyRequest one = request;
  one.evidence = std::string(as_text(attestation));
  return one;
}

// The signatures of models among the lines of the document, and what is left of it.
struct Parts {
  std::vector<Bytes> models;
  std::string others;
};

Parts parts_of(const VerifyRequest& request) {
  Parts parts;
  const Bytes document = as_bytes(request.evidence);
  if (is_model(document)) return {{document}, {}};
  std::string_view text = request.evidence;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool may_be = line.starts_with('{') && parts.models.size() < intoto::kMaxAttestations;
    if (may_be && is_model(as_bytes(line))) {
      parts.models.push_back(as_bytes(line));
    } else {
      (parts.others += line) += '\n';
    }
  }
  // As it is, unless something was taken out.
  if (parts.models.empty()) parts.others = request.evidence;
  return parts;
}

bool says_nothing(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::vector<NamedArtifact> artifacts_of(const VerifyRequest& request) {
  std::vector<NamedArtifact> artifacts;
  for (const ObservedFile& file : request.files) {
    if (file.path != request.path) artifacts.push_back(artifact_of(file));
  }
  return artifacts;
}

// An attestation need not be about all that lies beside it.
void leave_out_others(Evidence& evidence) {
  std::erase_if(evidence.coverage, [](const provenance::Coverage& file) {
    return file.state == provenance::CoverageState::extra;
  });
}

}  // namespace

std::vector<DigestNeed> plan_attestations(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  const Parts parts = parts_of(request);
  for (const Bytes model : parts.models) {
    const auto more = plan_model(about(request, model));
    needs.insert(needs.end(), more.begin(), more.end());
  }
  for (const HashKind hash : intoto::digests_needed(as_bytes(parts.others))) {
    for (std::size_t i = 0; i < request.files.size(); ++i) {
      const ObservedFile& file = request.files[i];
      if (file.is_file && file.path != request.path) {
        needs.push_back({.file = i, .request = {.hash = hash}});
      }
    }
  }
  return needs;
}

std::vector<Evidence> verify_attestations_request(const VerifyRequest& request) {
  std::vector<Evidence> all;
  const Parts parts = parts_of(request);
  for (const Bytes model : parts.models) {
    all.push_back(verify_model_request(about(request, model)));
  }
  if (!all.empty() && says_nothing(parts.others)) return all;
  provenance::Checks checks;
  const Trust trust = read_trust(request, checks);
  const auto how = attestation_verification(request, trust);
  const std::vector<NamedArtifact> artifacts = artifacts_of(request);
  for (Evidence& evidence : intoto::verify_attestations(as_bytes(parts.others), artifacts, how)) {
    leave_out_others(evidence);
    all.push_back(with_first(checks, std::move(evidence)));
  }
  return all;
}

}  // namespace assay
