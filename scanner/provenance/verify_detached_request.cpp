#include "core/text.h"
#include "provenance/cms/signed_data.h"
#include "provenance/cms/verify.h"
#include "provenance/foreign/recognise.h"
#include "provenance/sshsig/verify.h"
#include "scanner/provenance/verifiers.h"

namespace assay {

namespace cms = provenance::cms;
namespace foreign = provenance::foreign;
namespace sshsig = provenance::sshsig;

namespace {

using provenance::Checks;
using provenance::NamedArtifact;

// The one file that the signature is over; a folder has no digest.
NamedArtifact signed_file(const VerifyRequest& request) {
  if (!request.single_file || request.files.empty()) return {};
  return artifact_of(request.files.front());
}

Evidence verify_cms_request(const VerifyRequest& request, const NamedArtifact& file) {
  Checks checks;
  const Trust trust = read_trust(request, checks);
  Evidence evidence = cms::verify_cms(as_bytes(request.evidence), file,
                                      {.anchors = trust.anchors,
                                       .key = trust.key,
                                       .seconds = request.now,
                                       .strict = request.strict});
  return with_first(std::move(checks), std::move(evidence));
}

Evidence verify_ssh_request(const VerifyRequest& request, const NamedArtifact& file) {
  Checks checks;
  sshsig::FileVerification how{.allowed = read_allowed_signers(request, checks),
                               .seconds = request.now};
  if (request.expected) how.principal = request.expected->identity;
  return with_first(std::move(checks), sshsig::verify_file(as_bytes(request.evidence), file, how));
}

}  // namespace

bool is_detached(Bytes evidence) {
  return cms::looks_like_cms(evidence) || sshsig::is_ssh_signature(evidence) ||
         foreign::recognise(evidence);
}

std::vector<DigestNeed> plan_detached(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  if (!request.single_file || request.files.empty()) return needs;
  const Bytes evidence = as_bytes(request.evidence);
  for (const auto hash : cms::digests_needed(evidence)) {
    needs.push_back({.file = 0, .request = {.hash = hash}});
  }
  if (const auto hash = sshsig::digest_needed(evidence)) {
    needs.push_back({.file = 0, .request = {.hash = *hash}});
  }
  // Without signed attributes Ed25519 signs the file itself.
  if (needs.empty() && cms::looks_like_cms(evidence)) needs.push_back({.file = 0, .content = true});
  return needs;
}

Evidence verify_detached_request(const VerifyRequest& request) {
  const Bytes evidence = as_bytes(request.evidence);
  const NamedArtifact file = signed_file(request);
  if (cms::looks_like_cms(evidence)) return verify_cms_request(request, file);
  const auto foreign = foreign::recognise(evidence);
  return foreign ? foreign::present_and_unchecked(*foreign) : verify_ssh_request(request, file);
}

}  // namespace assay
