#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "scanner/provenance/verification.h"

namespace assay {

// Whom a policy names: evidence that holds, and is of one of them, is "verified".
struct KnownSigners {
  std::vector<ExpectedIdentity> identities;
  std::vector<std::string> fingerprints;  // of keys, lower-case hex
  std::vector<std::string> keys;          // PEM, each tried where evidence lacks its key
  std::vector<std::string> anchors;       // PEM, each tried on chains of certificates
};

// Marks evidence that is "signed" as checked when its signer is known: by identity where
// Sigstore's authorities vouch for that, by fingerprint everywhere. All else stays as it
// is: a certificate that leads nowhere may name anybody.
void check_signer(provenance::Evidence& evidence, const KnownSigners& known);

// The property that tells by which of the known anchors a chain of certificates held: the
// SHA-256 of that PEM text.
inline constexpr std::string_view kAnchorProperty = "anchor";
std::string anchor_id(std::string_view pem);

}  // namespace assay
