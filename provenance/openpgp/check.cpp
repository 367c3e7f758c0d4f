#include "provenance/openpgp/check.h"

#include <algorithm>
#include <optional>

#include "provenance/crypto/ecdsa_der.h"

namespace assay::provenance::openpgp {
namespace {

constexpr std::size_t kEd25519HalfSize = 32;

void append(ByteString& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_be(ByteString& out, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(value >> shift));
  }
}

void append_key(ByteString& out, const KeyPacket& key) {
  append_be(out, 0x99, 1);
  append_be(out, key.body.size(), 2);
  append(out, key.body);
}

// RFC 9580 §9.5. SHA-1 is there for those who ask for it.
std::optional<HashKind> hash_of(std::uint8_t hash_id) {
  switch (hash_id) {
    case 2:
      return HashKind::sha1;
    case 8:
      return HashKind::sha256;
    case 9:
      return HashKind::sha384;
    case 10:
      return HashKind::sha512;
    default:
      return std::nullopt;
  }
}

// `number` with zeros in front to `size` bytes; nothing when it is longer.
std::optional<ByteString> padded(Bytes number, std::size_t size) {
  if (number.size() > size) return std::nullopt;
  ByteString out(size - number.size());
  append(out, number);
  return out;
}

// EdDSA of version 4 keys signs the digest, not the message.
bool verify_eddsa(const Signature& signature, const PublicKey& key, Bytes digest) {
  ByteString raw;
  for (const ByteString& number : signature.numbers) {
    const auto half = padded(number, kEd25519HalfSize);
    if (!half) return false;
    append(raw, *half);
  }
  return key.verify(digest, raw);
}

bool same_kind(const Signature& signature, const KeyPacket& key) {
  const auto general = [](KeyAlgorithm a) {
    return a == KeyAlgorithm::rsa_sign ? KeyAlgorithm::rsa : a;
  };
  return key.key && general(signature.algorithm) == general(key.algorithm);
}

bool verify_hashed(const Signature& signature, const KeyPacket& key, HashKind hash, Bytes message) {
  const ByteString digest = digest_of(hash, message);
  if (!std::ranges::equal(signature.digest_start, Bytes(digest).first(2))) return false;
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_sign: {
      const auto raw = padded(signature.numbers.front(), key.modulus_size);
      return raw && key.key->verify_digest(hash, digest, *raw);
    }
    case KeyAlgorithm::ecdsa: {
      const auto der = ecdsa_der(signature.numbers.front(), signature.numbers.back());
      return der && key.key->verify_digest(hash, digest, *der);
    }
    case KeyAlgorithm::eddsa_legacy:
      return verify_eddsa(signature, *key.key, digest);
    case KeyAlgorithm::ed25519:
      return key.key->verify(digest, signature.numbers.front());
    case KeyAlgorithm::dsa:
      break;
  }
  return false;
}

// `data` and the trailer: what the hash is computed of (RFC 9580 §5.2.4).
bool verify_data(const Signature& signature, const KeyPacket& key, ByteString data,
                 bool allow_sha1) {
  const auto hash = hash_of(signature.hash_id);
  if (!hash || (*hash == HashKind::sha1 && !allow_sha1) || !same_kind(signature, key)) return false;
  append(data, signature.hashed);
  append_be(data, 0x04FF, 2);
  append_be(data, signature.hashed.size(), 4);
  return verify_hashed(signature, key, *hash, data);
}

}  // namespace

HashStrength strength_of(std::uint8_t hash_id) {
  constexpr std::uint8_t kMd5 = 1, kSha1 = 2, kRipemd160 = 3;
  if (hash_id == kMd5 || hash_id == kSha1 || hash_id == kRipemd160) return HashStrength::weak;
  return hash_of(hash_id) ? HashStrength::strong : HashStrength::unknown;
}

bool names_issuer(const Signature& signature, const KeyPacket& key) {
  const auto& hints = signature.issuer_hints;
  return !hints.empty() && std::ranges::all_of(hints, [&](const std::string& hint) {
    return hint == key.fingerprint || hint == key.key_id();
  });
}

bool verify_document(const Signature& signature, const KeyPacket& key, Bytes document,
                     bool allow_sha1) {
  return verify_data(signature, key, {document.begin(), document.end()}, allow_sha1);
}

bool verify_key(const Signature& signature, const KeyPacket& key, const KeyPacket& primary,
                bool allow_sha1) {
  ByteString data;
  append_key(data, primary);
  return verify_data(signature, key, std::move(data), allow_sha1);
}

bool verify_binding(const Signature& signature, const KeyPacket& key, const KeyPacket& primary,
                    const KeyPacket& subkey, bool allow_sha1) {
  ByteString data;
  append_key(data, primary);
  append_key(data, subkey);
  return verify_data(signature, key, std::move(data), allow_sha1);
}

bool verify_user_id(const Signature& signature, const KeyPacket& key, std::string_view user_id,
                    bool allow_sha1) {
  ByteString data;
  append_key(data, key);
  append_be(data, 0xB4, 1);
  append_be(data, user_id.size(), 4);
  append(data, as_bytes(user_id));
  return verify_data(signature, key, std::move(data), allow_sha1);
}

}  // namespace assay::provenance::openpgp
