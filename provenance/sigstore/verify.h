#pragma once

#include <optional>
#include <string>

#include "core/bytes.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/sigstore/artifact_digests.h"
#include "provenance/sigstore/bundle.h"
#include "provenance/sigstore/trusted_root.h"

namespace assay::provenance {

// Who must have signed. Both are compared byte by byte.
struct IdentityPolicy {
  std::string identity;  // the certificate's subject alternative name
  std::string issuer;    // the OIDC issuer
};

// What a bundle is verified against.
struct BundleVerification {
  const TrustedRoot* root = nullptr;  // null: nobody is trusted
  std::optional<IdentityPolicy> identity;
  std::optional<PublicKey> key;  // for bundles that hold no certificate
  // Absent: what an envelope says of artifacts is the caller's affair.
  std::optional<ArtifactDigests> artifact;
  bool strict = false;  // whatever is odd rejects
  // Take bundles of version 0.1 on the log's promise alone, with a warning.
  bool allow_legacy_v01 = false;
  // Take bundles by a bare key that no log has seen: a key, unlike a certificate, has no
  // lifetime that somebody would have to prove was kept.
  bool allow_unlogged_key = false;
};

// Verifies a Sigstore bundle without a network ("Sigstore Client Specification";
// sigstore_bundle.proto). All of these are checked, and each that can still be made
// after a failure: shape (bundle.*, dsse.signatures), the log (tlog.*), timestamps
// (tsa.*, time.none), the certificate at every verified time (cert.*, sct.*), the
// policy (policy.*), the signature (signature, signature.dsse, artifact.digest), and
// the statement of an envelope (dsse.payload-type, statement.type, artifact.digest).
//
// Properties of the evidence: bundle_version, payload_type, predicate_type, log_url,
// log_id, log_index, entry_hash (of the leaf in the log's tree, hex), log_origin,
// tree_size and checkpoint, the last three only where the checkpoint holds.
Evidence verify_bundle(Bytes document, const BundleVerification& how);
Evidence verify_bundle(const Bundle& bundle, const BundleVerification& how);

}  // namespace assay::provenance
