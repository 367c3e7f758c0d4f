#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"
#include "provenance/sshsig/key.h"

namespace assay::provenance::sshsig {

inline constexpr std::string_view kArmorBegin = "-----BEGIN SSH SIGNATURE-----";
inline constexpr std::string_view kArmorEnd = "-----END SSH SIGNATURE-----";

// A detached signature of OpenSSH (PROTOCOL.sshsig).
struct Signature {
  ByteString key_blob;  // the key it was made with, as it names itself
  std::string name_space;
  ByteString reserved;
  std::string hash_name;  // as written; part of what is signed
  HashKind hash = HashKind::sha512;
  std::string algorithm;
  ByteString raw;  // the algorithm's own encoding
};

// The bytes between the armour's lines. `malformed`: anything before, behind or
// between that is not the armour's.
Parsed<ByteString> parse_armor(std::string_view text);

// `unsupported`: another version or hash; `malformed`: no signature, bytes behind it.
Parsed<Signature> parse_signature(Bytes blob);

// Whether `key` made the signature over `message`. `unsupported`: an algorithm that does
// not go with the key, above all RSA with SHA-1.
Parsed<bool> verify(const Signature& signature, const SshKey& key, Bytes message);
// The same where only the digest of the message, by `signature.hash`, is known.
Parsed<bool> verify_digest(const Signature& signature, const SshKey& key, Bytes digest);

}  // namespace assay::provenance::sshsig
