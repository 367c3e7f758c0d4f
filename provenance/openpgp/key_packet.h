#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

namespace assay::provenance::openpgp {

// RFC 9580 §9.1; those that sign.
enum class KeyAlgorithm : std::uint8_t {
  rsa = 1,
  rsa_sign = 3,
  dsa = 17,
  ecdsa = 19,
  eddsa_legacy = 22,
  ed25519 = 27,
};

// A public key packet of version 4 (RFC 9580 §5.5.2.2).
struct KeyPacket {
  ByteString body;
  std::int64_t created = 0;  // seconds since 1970-01-01T00:00:00Z
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  // Nothing when keys of its kind are not checked (DSA, encryption keys, short RSA).
  std::optional<PublicKey> key;
  std::size_t modulus_size = 0;  // of RSA, in bytes
  std::string fingerprint;       // 40 lower-case hex digits

  std::string key_id() const { return fingerprint.substr(24); }
};

// `unsupported`: another version; `malformed`: cut, bytes behind it, not its kind of key.
Parsed<KeyPacket> parse_key_packet(Bytes body);

}  // namespace assay::provenance::openpgp
