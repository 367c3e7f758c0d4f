#include "provenance/crypto/certificate.h"
#include "provenance/crypto/pem.h"
#include "provenance/roots/public_good.h"
#include "scanner/provenance/verifiers.h"

namespace assay {
namespace {

using provenance::ByteString;
using provenance::Checks;

void read_root(const VerifyRequest& request, Trust& trust, Checks& checks) {
  const Bytes root = request.trusted_root.empty() ? provenance::public_good_root()
                                                  : as_bytes(request.trusted_root);
  trust.root = provenance::parse_trusted_root(root, checks);
}

void read_anchors(const VerifyRequest& request, Trust& trust, Checks& checks) {
  if (request.anchors.empty()) return;
  const auto anchors = provenance::Certificate::from_pem(as_bytes(request.anchors));
  if (!anchors) return checks.fail("cert.parse", "the anchors: " + anchors.error().message);
  for (const provenance::Certificate& anchor : *anchors) trust.anchors.push_back(anchor.der());
}

}  // namespace

Trust read_trust(const VerifyRequest& request, Checks& checks) {
  Trust trust;
  read_root(request, trust, checks);
  read_anchors(request, trust, checks);
  trust.revocations = provenance::pem_blocks(request.revocations, "X509 CRL");
  if (!request.revocations.empty() && trust.revocations.empty()) {
    checks.fail("cert.parse", "the revocation lists: no PEM of a CRL");
  }
  if (!request.public_key.empty()) {
    auto key = provenance::PublicKey::from_pem(as_bytes(request.public_key));
    if (key) {
      trust.key = std::move(*key);
    } else {
      checks.fail("key.parse", "the public key: " + key.error().message);
    }
  }
  return trust;
}

std::vector<provenance::sshsig::AllowedSigner> read_allowed_signers(const VerifyRequest& request,
                                                                    Checks& checks) {
  if (request.allowed_signers.empty()) return {};
  auto read = provenance::sshsig::parse_allowed_signers(request.allowed_signers);
  if (read) return std::move(*read);
  checks.fail("sshsig.parse", "the allowed signers: " + read.error().message);
  return {};
}

Evidence with_first(Checks checks, Evidence evidence) {
  checks.append(evidence.checks);
  evidence.checks = std::move(checks);
  return evidence;
}

provenance::NamedArtifact artifact_of(const ObservedFile& file) {
  provenance::NamedArtifact artifact;
  artifact.path = file.path;
  for (const ObservedDigests& observed : file.digests) {
    if (observed.request.is_git_blob || observed.request.shard_size > 0) continue;
    const Bytes digest = as_bytes(observed.digests);
    artifact.digests.digests[observed.request.hash] = {digest.begin(), digest.end()};
  }
  if (file.content) artifact.digests.content = as_bytes(*file.content);
  return artifact;
}

std::optional<ByteString> digest_of(const ObservedFile& file,
                                    const provenance::DigestRequest& request) {
  for (const ObservedDigests& observed : file.digests) {
    if (observed.request != request) continue;
    const Bytes bytes = as_bytes(observed.digests);
    return ByteString(bytes.begin(), bytes.end());
  }
  return std::nullopt;
}

provenance::intoto::AttestationVerification attestation_verification(const VerifyRequest& request,
                                                                     const Trust& trust) {
  provenance::intoto::AttestationVerification how{.root = trust.root ? &*trust.root : nullptr,
                                                  .key = trust.key,
                                                  .anchors = trust.anchors,
                                                  .seconds = request.now,
                                                  .strict = request.strict,
                                                  .allow_legacy_v01 = request.legacy};
  if (request.expected) how.identity = {request.expected->identity, request.expected->issuer};
  return how;
}

}  // namespace assay
