#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/intoto/subjects.h"
#include "provenance/sigstore/trusted_root.h"
#include "provenance/sigstore/verify.h"

// In-toto attestations that lie beside the files they are about.
namespace assay::provenance::intoto {

// Whom the verifier asks for. With neither, the signer is told and not believed.
struct AttestationVerification {
  const TrustedRoot* root = nullptr;  // null: nobody is trusted
  std::optional<IdentityPolicy> identity;
  std::optional<PublicKey> key;
  // DER of the certificates that a signer's own chain must lead to, outside of Sigstore,
  // and the time at which it must hold.
  std::vector<ByteString> anchors;
  std::int64_t seconds = 0;
  bool strict = false;
  bool allow_legacy_v01 = false;
};

// Beyond so many files those that a statement does not name are counted, and not listed.
inline constexpr std::size_t kMaxFilesListed = 10'000;

// One piece of evidence for each attestation in `document` (`split_attestations`), of kind
// "slsa" for SLSA provenance, "sigstore-bundle" for a bundle over a file itself, "in-toto"
// otherwise, with the coverage of `files`. Classes, besides those of `verify_bundle`,
// `split_attestations`, `match_files` and `check_build`:
//   signature.dsse   of a bare envelope: no signature is by the given key; unknown
//                    without a key, since such an envelope holds nothing to check it with
//   dsse.signatures  (warned) a bare envelope has further signatures, which are not checked
//   statement.parse, slsa.predicate, vsa.result
// Bundles by a bare key, or by a certificate's own chain, need no log entry; the latter is
// checked as for signed models (provenance/oms/verify.h). Properties, besides those of
// `verify_bundle` and `properties_of`: predicate_type, predicate_name, subject_count,
// files_not_listed.
std::vector<Evidence> verify_attestations(Bytes document, std::span<const NamedArtifact> files,
                                          const AttestationVerification& how);

// The same of one bundle that was read already.
Evidence verify_attestation(const Bundle& bundle, std::span<const NamedArtifact> files,
                            const AttestationVerification& how);

// The digests of files that verification will ask for. Nothing of the document is
// believed yet, and nothing is said about what cannot be read.
std::set<HashKind> digests_needed(Bytes document);

}  // namespace assay::provenance::intoto
