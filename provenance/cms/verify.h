#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/bytes.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/sigstore/artifact_digests.h"

// Detached CMS signatures ("model.bin.p7s") over one file.
namespace assay::provenance::cms {

// Whom the verifier asks for. With neither, the signers are told and not believed.
struct CmsVerification {
  std::vector<ByteString> anchors;  // DER of certificates; signers may be among them
  std::optional<PublicKey> key;     // every signer must have this key
  std::int64_t seconds = 0;         // the time at which chains must hold
  bool strict = false;
};

// Evidence of kind "cms", method "certificate", by every signer: each must hold. The
// signature is over the signed attributes, and these hold a digest of the file; the file
// itself is needed only where Ed25519 signed it without attributes. Classes, besides
// those of `verify_chain`:
//   cms.parse        not signed data in CMS
//   cms.algorithm    MD5 or SHA-1, or two hashes for one signature; unknown: an algorithm
//                    that is not checked
//   cms.embedded     (warned) the signature holds a content, which is not the file's own
//   cms.attributes   (warned) a signature without signed attributes: what it is over could
//                    also be read as the attributes of another one (RFC 5652 §12)
//   cms.timestamp    (warned) a timestamp is in it, and not checked
//   cms.signer       (unknown) the signer's certificate is not here
//   artifact.digest  signed for another content; unknown: that digest is not known
//   signature        not the signer's over the attributes, or over the file
//   key.mismatch     the signer has another key than the given one
//   cert.parse       an anchor, or the signer's key, does not parse
// Properties: signer_count, and for each signer signer (its subject), digest_algorithm,
// signing_time (its own claim, seconds since 1970).
Evidence verify_cms(Bytes signature, const NamedArtifact& file, const CmsVerification& how);

// The digests of the file that verification will ask for; empty for what does not parse.
std::set<HashKind> digests_needed(Bytes signature);

}  // namespace assay::provenance::cms
