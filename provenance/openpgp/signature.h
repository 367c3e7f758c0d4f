#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/openpgp/key_packet.h"

namespace assay::provenance::openpgp {

// RFC 9580 §5.2.1; those that matter here.
enum class SignatureType : std::uint8_t {
  binary = 0x00,
  text = 0x01,
  generic_certification = 0x10,
  positive_certification = 0x13,
  subkey_binding = 0x18,
  primary_key_binding = 0x19,
  direct_key = 0x1F,
  key_revocation = 0x20,
  subkey_revocation = 0x28,
  certification_revocation = 0x30,
};

// A signature packet of version 4 (RFC 9580 §5.2.3). Times and durations in seconds.
struct Signature {
  SignatureType type = SignatureType::binary;
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  std::uint8_t hash_id = 0;
  ByteString hashed;                // from the version to the end of the hashed subpackets
  ByteString digest_start;          // the first two bytes of the digest
  std::vector<ByteString> numbers;  // without zeros in front; of Ed25519 the 64 bytes

  // From the hashed subpackets.
  std::int64_t created = 0;
  std::int64_t lifetime = 0;  // 0: for ever
  std::optional<std::int64_t> key_lifetime;
  std::optional<std::uint8_t> key_flags;
  std::optional<std::uint8_t> revocation_reason;
  bool is_primary_user_id = false;
  // From any subpackets: hints, and what vouches for itself.
  std::vector<std::string> issuer_hints;  // key ids and fingerprints, lower-case hex
  std::optional<ByteString> embedded;     // a signature packet
  // The unhashed subpackets hold nothing but hints at the issuer.
  bool plain_unhashed = true;
};

// `unsupported`: another version, or what is critical to it is not known here;
// `malformed`: no signature, bytes behind it, no creation time, subpackets twice.
Parsed<Signature> parse_signature(Bytes body);

}  // namespace assay::provenance::openpgp
