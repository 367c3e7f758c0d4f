#include "provenance/sshsig/signature.h"

#include <optional>

#include "core/text.h"
#include "provenance/crypto/ecdsa_der.h"
#include "provenance/sshsig/wire.h"

namespace assay::provenance::sshsig {
namespace {

constexpr std::string_view kMagic = "SSHSIG";
constexpr std::uint32_t kVersion = 1;

std::unexpected<ParseError> malformed(std::uint64_t offset, std::string what) {
  return fail(ParseErrc::malformed, offset, "SSH signature: " + std::move(what));
}

void append(ByteString& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_string(ByteString& out, Bytes bytes) {
  for (const int shift : {24, 16, 8, 0})
    out.push_back(static_cast<std::byte>(bytes.size() >> shift));
  append(out, bytes);
}

std::optional<HashKind> hash_of(std::string_view name) {
  if (name == "sha256") return HashKind::sha256;
  if (name == "sha512") return HashKind::sha512;
  return std::nullopt;
}

// What the key really signs: the message only by its digest, and bound to the namespace.
ByteString signed_data(const Signature& signature, Bytes digest) {
  ByteString data;
  append(data, as_bytes(kMagic));
  append_string(data, as_bytes(signature.name_space));
  append_string(data, signature.reserved);
  append_string(data, as_bytes(signature.hash_name));
  append_string(data, digest);
  return data;
}

// SHA-1 ("ssh-rsa") is not among them: PROTOCOL.sshsig rules it out.
std::optional<HashKind> rsa_hash(std::string_view algorithm) {
  if (algorithm == "rsa-sha2-256") return HashKind::sha256;
  if (algorithm == "rsa-sha2-512") return HashKind::sha512;
  return std::nullopt;
}

bool verify_rsa(const Signature& signature, const SshKey& key, HashKind hash, Bytes data) {
  if (signature.raw.size() > key.modulus_size) return false;
  ByteString padded(key.modulus_size - signature.raw.size());
  append(padded, signature.raw);
  return key.key.verify(hash, data, padded);
}

bool verify_ecdsa(const Signature& signature, const SshKey& key, Bytes data) {
  ByteReader in(signature.raw);
  const Bytes r = take_mpint(in);
  const Bytes s = take_mpint(in);
  if (!in.ok() || in.remaining() != 0) return false;
  const auto der = ecdsa_der(r, s);
  return der && key.key.verify(data, *der);
}

}  // namespace

Parsed<ByteString> parse_armor(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::string begin = std::string(kArmorBegin) + '\n';
  const std::string end = '\n' + std::string(kArmorEnd);
  if (!text.starts_with(begin) || !text.ends_with(end) || text.size() < begin.size() + end.size()) {
    return malformed(0, "not between its two lines");
  }
  text.remove_prefix(begin.size());
  text.remove_suffix(end.size());
  // The standard alphabet alone, unlike what base64 elsewhere may look like.
  const bool clean = text.find_first_of("-_\r") == std::string_view::npos;
  auto bytes = clean ? from_base64(text) : std::nullopt;
  if (!bytes) return malformed(begin.size(), "not base64");
  return std::move(*bytes);
}

Parsed<Signature> parse_signature(Bytes blob) {
  ByteReader in(blob);
  if (as_text(in.take(kMagic.size())) != kMagic) return malformed(0, "does not begin with SSHSIG");
  const auto version = in.be<std::uint32_t>();
  const Bytes key = take_string(in);
  const std::string_view name_space = as_text(take_string(in));
  const Bytes reserved = take_string(in);
  const std::string_view hash_name = as_text(take_string(in));
  ByteReader inner(take_string(in));
  const std::string_view algorithm = as_text(take_string(inner));
  const Bytes raw = take_string(inner);
  if (in.ok() && version != kVersion) {
    return fail(ParseErrc::unsupported, kMagic.size(),
                "SSH signature: version " + std::to_string(version));
  }
  if (!in.ok() || !inner.ok()) return malformed(in.offset(), "ends too early");
  if (in.remaining() != 0 || inner.remaining() != 0)
    return malformed(in.offset(), "bytes behind it");
  if (name_space.empty()) return malformed(0, "has no namespace");
  const auto hash = hash_of(hash_name);
  if (!hash) {
    return fail(ParseErrc::unsupported, 0,
                "SSH signature: hash '" + escaped(shortened(hash_name, 40)) + "'");
  }
  return Signature{.key_blob = {key.begin(), key.end()},
                   .name_space = std::string(name_space),
                   .reserved = {reserved.begin(), reserved.end()},
                   .hash_name = std::string(hash_name),
                   .hash = *hash,
                   .algorithm = std::string(algorithm),
                   .raw = {raw.begin(), raw.end()}};
}

Parsed<bool> verify(const Signature& signature, const SshKey& key, Bytes message) {
  return verify_digest(signature, key, digest_of(signature.hash, message));
}

Parsed<bool> verify_digest(const Signature& signature, const SshKey& key, Bytes digest) {
  const ByteString data = signed_data(signature, digest);
  if (key.key.kind() == KeyKind::rsa) {
    const auto hash = rsa_hash(signature.algorithm);
    if (hash) return verify_rsa(signature, key, *hash, data);
  } else if (signature.algorithm == key.type) {
    if (key.key.kind() == KeyKind::ed25519) return key.key.verify(data, signature.raw);
    return verify_ecdsa(signature, key, data);
  }
  return fail(ParseErrc::unsupported, 0,
              "SSH signature: algorithm '" + escaped(shortened(signature.algorithm, 40)) +
                  "' with a key of type " + key.type);
}

}  // namespace assay::provenance::sshsig
