#include "provenance/openpgp/key_packet.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "provenance/openpgp/packet.h"

namespace assay::provenance::openpgp {
namespace {

constexpr std::uint8_t kVersion = 4;

std::unexpected<ParseError> malformed() {
  return fail(ParseErrc::malformed, 0, "OpenPGP: not a public key of its kind");
}

// Object identifiers of curves as they stand in a key (RFC 9580 §9.2), in hex.
constexpr std::string_view kP256 = "2a8648ce3d030107";
constexpr std::string_view kP384 = "2b81040022";
constexpr std::string_view kP521 = "2b81040023";
constexpr std::string_view kEd25519Legacy = "2b06010401da470f01";

std::optional<KeyKind> curve_of(std::string_view oid) {
  if (oid == kP256) return KeyKind::ec_p256;
  if (oid == kP384) return KeyKind::ec_p384;
  if (oid == kP521) return KeyKind::ec_p521;
  return std::nullopt;
}

constexpr std::byte kNativePoint{0x40};
constexpr std::byte kUncompressedPoint{0x04};

// The key that the rest of the packet is. `unsupported` when it is of a kind that is not
// checked; then nothing is known about the rest.
Parsed<PublicKey> parse_material(ByteReader& in, KeyPacket& packet) {
  const auto unsupported = fail(ParseErrc::unsupported, 0, "");
  switch (packet.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_sign: {
      const Bytes modulus = take_mpi(in);
      const Bytes exponent = take_mpi(in);
      if (modulus.empty() || exponent.empty()) return malformed();
      packet.modulus_size = modulus.size();
      return PublicKey::from_rsa(modulus, exponent);
    }
    case KeyAlgorithm::ecdsa: {
      const auto kind = curve_of(hex(in.take(in.u8())));
      const Bytes point = take_mpi(in);
      if (!kind) return unsupported;
      if (point.empty() || point.front() != kUncompressedPoint) return malformed();
      return PublicKey::from_ec_point(*kind, point);
    }
    case KeyAlgorithm::eddsa_legacy: {
      const std::string oid = hex(in.take(in.u8()));
      const Bytes point = take_mpi(in);
      if (oid != kEd25519Legacy) return unsupported;
      if (point.size() != 33 || point.front() != kNativePoint) return malformed();
      return PublicKey::from_ed25519(point.subspan(1));
    }
    case KeyAlgorithm::ed25519:
      return PublicKey::from_ed25519(in.take(32));
    case KeyAlgorithm::dsa:
      break;
  }
  return unsupported;
}

// SHA-1 over 99, the size in 16 bits, and the packet (RFC 9580 §5.5.4.2).
std::string fingerprint_of(Bytes body) {
  ByteString hashed{std::byte{0x99}, static_cast<std::byte>(body.size() >> 8),
                    static_cast<std::byte>(body.size())};
  hashed.insert(hashed.end(), body.begin(), body.end());
  return hex(digest_of(HashKind::sha1, hashed));
}

}  // namespace

Parsed<KeyPacket> parse_key_packet(Bytes body) {
  ByteReader in(body);
  const std::uint8_t version = in.u8();
  if (in.ok() && version != kVersion) {
    return fail(ParseErrc::unsupported, 0, "OpenPGP: a key of version " + std::to_string(version));
  }
  KeyPacket packet;
  packet.created = in.be<std::uint32_t>();
  packet.algorithm = static_cast<KeyAlgorithm>(in.u8());
  if (!in.ok() || body.size() > 0xFFFF) return malformed();
  packet.body.assign(body.begin(), body.end());
  packet.fingerprint = fingerprint_of(body);
  auto key = parse_material(in, packet);
  if (!key) {
    if (key.error().code != ParseErrc::unsupported) return malformed();
    return packet;
  }
  if (!in.ok() || in.remaining() != 0) return malformed();
  packet.key = std::move(*key);
  return packet;
}

}  // namespace assay::provenance::openpgp
