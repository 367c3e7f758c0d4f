#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/oms/coverage.h"
#include "provenance/oms/listing.h"
#include "provenance/oms/manifest.h"
#include "provenance/oms/model.h"
#include "provenance/sigstore/trusted_root.h"
#include "provenance/sigstore/verify.h"

// Verification of a model against its signature (OpenSSF Model Signing 1.0, and what
// the reference implementation wrote before).
namespace assay::provenance::oms {

// Whom the verifier asks for: a key, anchors, or an identity; more than one is taken
// as a contradiction. With none, the signature is checked with the key or the
// certificate in it, and its signer is told and not believed.
struct OmsVerification {
  std::optional<PublicKey> key;
  std::vector<ByteString> anchors;           // DER of certificates
  std::vector<ByteString> revocation_lists;  // DER of CRLs (RFC 5280 §5)
  std::int64_t seconds = 0;                  // the time at which a chain must hold
  const TrustedRoot* root = nullptr;         // for identities; null: nobody vouches for any
  std::optional<IdentityPolicy> identity;
  bool strict = false;  // whatever is odd rejects

  Exclusions exclusions;
  // Take what model_signing 0.2 wrote, with a warning: its layout, and its own idea of
  // what is signed.
  bool compatibility = false;
};

// Evidence of kind "oms", by method "key", "certificate" or "sigstore". Classes of
// failure, besides those of bundles (`parse_bundle`), of chains (`verify_chain`), of
// Sigstore bundles (`verify_bundle`), of manifests and of the comparison:
//   bundle.material    signed by another method than asked for
//   dsse.payload-type
//   signature.dsse
//   key.hint           the bundle names another key
//   key.parse, key.kind, key.missing (unknown)
//   cert.parse, cert.revoked
Evidence verify_oms(Bytes signature, const Model& model, const OmsVerification& how);

// The manifest of a signature about which nothing is known yet, to find out what to
// hash. Nothing when it cannot be read; `verify_oms` says why.
std::optional<Manifest> unverified_manifest(Bytes signature, bool compatibility);

}  // namespace assay::provenance::oms
