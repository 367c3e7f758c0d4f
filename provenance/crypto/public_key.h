#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"

namespace assay::provenance {

enum class HashKind : std::uint8_t { sha1, sha256, sha384, sha512, blake2b, blake3 };
std::string_view to_string(HashKind hash);

// The digest of `message`; 20 to 64 bytes. BLAKE3 is Hasher's.
ByteString digest_of(HashKind hash, Bytes message);

enum class KeyKind : std::uint8_t { ec_p256, ec_p384, ec_p521, ed25519, rsa };
std::string_view to_string(KeyKind kind);

// A key that signatures are checked with: of one of the kinds above, RSA with
// 2,048 to 16,384 bits. Everything else is `unsupported`, what is no key `malformed`.
class PublicKey {
 public:
  // PEM ("-----BEGIN PUBLIC KEY-----"), of the first key in `text`.
  static Parsed<PublicKey> from_pem(Bytes text);
  // DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), nothing behind it. With
  // `allow_pkcs1` also of a bare RSAPublicKey (RFC 8017 A.1.1).
  static Parsed<PublicKey> from_der(Bytes spki, bool allow_pkcs1 = false);
  // An Ed25519 key of 32 bytes (RFC 8032).
  static Parsed<PublicKey> from_ed25519(Bytes raw);
  // An uncompressed point 04 || X || Y (SEC 1 §2.3.3) on the curve of `kind`.
  static Parsed<PublicKey> from_ec_point(KeyKind kind, Bytes point);
  // Modulus and exponent, big-endian.
  static Parsed<PublicKey> from_rsa(Bytes modulus, Bytes exponent);

  KeyKind kind() const { return kind_; }
  // DER of the SubjectPublicKeyInfo.
  const ByteString& spki() const { return spki_; }
  // SHA-256 of it, in lower-case hex.
  std::string fingerprint() const;
  // The PEM text of it as OpenSSL writes it, with the final line feed.
  std::string pem() const;

  // The hash that goes with the key: SHA-384 for P-384, SHA-512 for P-521 and
  // Ed25519 (inside the algorithm), SHA-256 otherwise.
  HashKind hash() const;

  // Whether `signature` is one over `message`: ECDSA (DER; FIPS 186-4), Ed25519,
  // RSASSA-PKCS1-v1_5.
  bool verify(Bytes message, Bytes signature) const { return verify(hash(), message, signature); }
  bool verify(HashKind hash, Bytes message, Bytes signature) const;
  // The same where only the digest is known. Never for Ed25519, which signs the message.
  bool verify_digest(HashKind hash, Bytes digest, Bytes signature) const;
  // RSASSA-PSS with MGF1 by the same hash and a salt of any size (RFC 8017 §8.1); false for
  // keys of other kinds.
  bool verify_pss(HashKind hash, Bytes message, Bytes signature) const;

  bool operator==(const PublicKey& other) const { return spki_ == other.spki_; }

 private:
  struct Handle;
  PublicKey() = default;
  static Parsed<PublicKey> adopt(std::shared_ptr<const Handle> handle);
  static std::optional<Parsed<PublicKey>> from_usual_form(Bytes spki);

  std::shared_ptr<const Handle> handle_;
  KeyKind kind_ = KeyKind::ec_p256;
  ByteString spki_;
};

}  // namespace assay::provenance
