#include "provenance/sshsig/key.h"

#include <optional>

#include "core/text.h"
#include "provenance/sshsig/wire.h"

namespace assay::provenance::sshsig {
namespace {

std::unexpected<ParseError> malformed() {
  return fail(ParseErrc::malformed, 0, "SSH key: not a public key of its type");
}

std::optional<KeyKind> curve_kind(std::string_view curve) {
  if (curve == "nistp256") return KeyKind::ec_p256;
  if (curve == "nistp384") return KeyKind::ec_p384;
  if (curve == "nistp521") return KeyKind::ec_p521;
  return std::nullopt;
}

Parsed<SshKey> finish(const ByteReader& in, std::string type, Parsed<PublicKey> key,
                      std::size_t modulus_size = 0) {
  if (!in.ok() || in.remaining() != 0) return malformed();
  if (!key) return std::unexpected(key.error());
  return SshKey{.type = std::move(type), .key = std::move(*key), .modulus_size = modulus_size};
}

Parsed<SshKey> parse_ecdsa(ByteReader& in, std::string type, KeyKind kind) {
  const std::string_view curve = as_text(take_string(in));
  const Bytes point = take_string(in);
  if (!type.ends_with(curve)) return malformed();
  // Only uncompressed points: one key has one encoding.
  if (point.empty() || point.front() != std::byte{4}) return malformed();
  return finish(in, std::move(type), PublicKey::from_ec_point(kind, point));
}

}  // namespace

Parsed<SshKey> parse_key(Bytes blob) {
  ByteReader in(blob);
  std::string type(as_text(take_string(in)));
  if (!in.ok()) return malformed();
  if (type == "ssh-ed25519") {
    const Bytes raw = take_string(in);
    return finish(in, std::move(type), PublicKey::from_ed25519(raw));
  }
  constexpr std::string_view kEcdsa = "ecdsa-sha2-";
  const auto kind =
      type.starts_with(kEcdsa) ? curve_kind(type.substr(kEcdsa.size())) : std::nullopt;
  if (kind) return parse_ecdsa(in, std::move(type), *kind);
  if (type == "ssh-rsa") {
    const Bytes exponent = take_mpint(in);
    const Bytes modulus = take_mpint(in);
    if (exponent.empty() || modulus.empty()) return malformed();
    return finish(in, std::move(type), PublicKey::from_rsa(modulus, exponent), modulus.size());
  }
  return fail(ParseErrc::unsupported, 0,
              "SSH key: keys of type '" + escaped(shortened(type, 60)) + "' are not checked");
}

std::string fingerprint_of(Bytes blob) {
  std::string text = "SHA256:" + to_base64(digest_of(HashKind::sha256, blob));
  while (text.ends_with('=')) text.pop_back();
  return text;
}

}  // namespace assay::provenance::sshsig
