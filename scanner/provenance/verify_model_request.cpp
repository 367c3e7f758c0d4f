#include "provenance/oms/verify.h"
#include "scanner/provenance/oms_model.h"
#include "scanner/provenance/verifiers.h"

namespace assay {

namespace oms = provenance::oms;

std::vector<DigestNeed> plan_model(const VerifyRequest& request) {
  const auto manifest = oms::unverified_manifest(as_bytes(request.evidence), request.legacy);
  if (!manifest) return {};
  const oms::Model model = model_of(request.files, request.single_file);
  return digest_needs(model, oms::digests_needed(*manifest, model));
}

Evidence verify_model_request(const VerifyRequest& request) {
  provenance::Checks checks;
  const Trust trust = read_trust(request, checks);
  oms::OmsVerification how;
  how.key = trust.key;
  how.root = trust.root ? &*trust.root : nullptr;
  if (request.expected) {
    how.identity = {request.expected->identity, request.expected->issuer};
  }
  how.strict = request.strict;
  how.anchors = trust.anchors;
  how.revocation_lists = trust.revocations;
  how.seconds = request.now;
  how.compatibility = request.legacy;
  how.exclusions = {.signature_path = request.path,
                    .git_paths = request.ignore_git,
                    .ignore_paths = request.ignore_paths,
                    .unsigned_files = request.ignore_unsigned};
  Evidence evidence = provenance::oms::verify_oms(
      as_bytes(request.evidence), model_of(request.files, request.single_file), how);
  checks.append(evidence.checks);
  evidence.checks = std::move(checks);
  return evidence;
}

}  // namespace assay
