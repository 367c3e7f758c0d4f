#pragma once

#include <string_view>

#include "core/bytes.h"
#include "provenance/openpgp/key_packet.h"
#include "provenance/openpgp/signature.h"

namespace assay::provenance::openpgp {

enum class HashStrength : std::uint8_t {
  strong,
  weak,     // MD5, SHA-1, RIPEMD-160: made collisions can be had
  unknown,  // is not computed here
};
HashStrength strength_of(std::uint8_t hash_id);

// Whether `signature` can be from `key` by what it says of its issuer itself.
bool names_issuer(const Signature& signature, const KeyPacket& key);

// Whether `key` made `signature` over what is given: a document, a key with another one
// bound to it, a key with a user id (RFC 9580 §5.2.4). False for hashes that are not
// strong, unless `allow_sha1`.
bool verify_document(const Signature& signature, const KeyPacket& key, Bytes document,
                     bool allow_sha1 = false);
bool verify_key(const Signature& signature, const KeyPacket& key, const KeyPacket& primary,
                bool allow_sha1 = false);
bool verify_binding(const Signature& signature, const KeyPacket& key, const KeyPacket& primary,
                    const KeyPacket& subkey, bool allow_sha1 = false);
bool verify_user_id(const Signature& signature, const KeyPacket& key, std::string_view user_id,
                    bool allow_sha1 = false);

}  // namespace assay::provenance::openpgp
