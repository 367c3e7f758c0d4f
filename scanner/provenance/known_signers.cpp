#include "scanner/provenance/known_signers.h"

#include <algorithm>

#include "provenance/sha256.h"

namespace assay {

void check_signer(provenance::Evidence& evidence, const KnownSigners& known) {
  if (evidence.state() != "signed") return;
  const provenance::Signer& signer = *evidence.signer;
  const bool by_identity =
      evidence.method == "sigstore" && !signer.identity.empty() && !signer.issuer.empty() &&
      std::ranges::any_of(known.identities, [&](const ExpectedIdentity& expected) {
        return expected.identity == signer.identity && expected.issuer == signer.issuer;
      });
  const bool by_key =
      !signer.fingerprint.empty() &&
      std::ranges::find(known.fingerprints, signer.fingerprint) != known.fingerprints.end();
  if (by_identity) {
    evidence.checks.pass("policy.identity");
    evidence.checks.pass("policy.issuer");
  } else if (by_key) {
    evidence.checks.pass("policy.key");
  }
  evidence.signer_checked = by_identity || by_key;
}

std::string anchor_id(std::string_view pem) { return sha256_hex(as_bytes(pem)); }

}  // namespace assay
