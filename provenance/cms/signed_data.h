#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/public_key.h"

// Cryptographic Message Syntax, SignedData (RFC 5652 §5), as PKCS#7 began it: its shape,
// and nothing said yet about what of it is true.
namespace assay::provenance::cms {

enum class SignatureScheme : std::uint8_t {
  plain,  // RSASSA-PKCS1-v1_5, ECDSA or Ed25519, by the kind of the key
  pss,    // RSASSA-PSS
  other,
};

// One SignerInfo (§5.3).
struct SignerInfo {
  std::string digest_name;       // as OpenSSL calls it: "SHA256", "MD5"
  std::optional<HashKind> hash;  // of the content; nothing: not one that is computed
  bool weak = false;             // MD5, SHA-1 and older
  SignatureScheme scheme = SignatureScheme::other;
  bool hashes_differ = false;  // the signature's algorithm names another hash

  // DER of the signed attributes as a SET OF, what the signature is over (§5.4); empty
  // when there are none, and it is over the content.
  ByteString signed_attributes;
  ByteString message_digest;      // of the content, by its attribute
  std::int64_t signing_time = 0;  // claimed by the signer; 0: not
  bool has_timestamp = false;     // an RFC 3161 token among the unsigned attributes

  ByteString signature;
  std::optional<Certificate> certificate;  // the one it names, when it was found
  std::string subject;                     // of that certificate (RFC 2253)
};

struct SignedData {
  std::optional<ByteString> content;  // nothing: detached
  std::vector<SignerInfo> signers;    // at least one
  std::vector<Certificate> certificates;
};

inline constexpr std::uint64_t kMaxSize = 4U << 20;
inline constexpr int kMaxSigners = 16;
inline constexpr int kMaxCertificates = 32;
inline constexpr int kMaxAttributes = 64;

// Whether `document` begins as one in PEM, or as DER of a SignedData.
bool looks_like_cms(Bytes document);

// In DER or BER, or in PEM ("-----BEGIN CMS-----", "-----BEGIN PKCS7-----"), nothing
// behind it. `certificates` are looked through for signers too. `malformed` also when
// attributes are there twice, or are not those that signed ones must be (§5.3, §11);
// `unsupported` when it is CMS of another type; `over_budget` beyond the limits above.
Parsed<SignedData> parse_signed_data(Bytes document,
                                     const std::vector<Certificate>& certificates = {});

}  // namespace assay::provenance::cms
