#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"

// Detached signatures of CMS, which PKCS #7 became (RFC 5652): NAME.p7s beside NAME.
namespace assay::provenance::cms {

struct CmsVerification {
  std::map<HashKind, ByteString> digests;  // of the content, as far as they are known
  std::optional<PublicKey> key;            // that every signer must have
  std::vector<ByteString> anchors;         // DER; that every signer's chain must lead to
  std::int64_t seconds = 0;                // the time at which a chain must hold
};

// No signature is read beyond these.
inline constexpr std::size_t kMaxCmsSize = 1U << 20;
inline constexpr int kMaxSigners = 16;

// Whether `file` is one, in DER or PEM, as far as its head tells.
bool is_cms(Bytes file);

// By which hashes the signers name the content; empty when the file cannot be read.
std::vector<HashKind> hashes_of(Bytes file);

// Evidence of kind "cms", method "certificate". All signers must hold; the first is told.
// The content is known by its digests alone, so only signers with signed attributes can
// be checked (RFC 5652 §5.4): the attribute messageDigest must be the content's, and the
// signature one over the attributes by the signer's certificate. Classes:
//   cms.parse       no signed data, no signer, more than are read, content inside
//   cms.attributes  (unknown) signed without attributes, so over the content itself
//   cms.content-type  the signed attributes name another type of content
//   cms.algorithm   a hash or an algorithm that is weak, or not known
//   cms.certificate the signer's certificate is not in the file
//   artifact.digest, signature
//   key.other       another key than the one asked for
//   cert.chain, cert.time, cert.usage   as for chains, where anchors were given
Evidence verify_cms(Bytes file, const CmsVerification& how);

}  // namespace assay::provenance::cms
