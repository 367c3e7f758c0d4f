#include "provenance/openpgp/signature.h"

#include <set>

#include "core/text.h"
#include "provenance/openpgp/packet.h"

namespace assay::provenance::openpgp {
namespace {

constexpr std::uint8_t kVersion = 4;
constexpr std::uint8_t kCritical = 0x80;

// RFC 9580 §5.2.3.7
enum Subpacket : std::uint8_t {
  kCreationTime = 2,
  kExpirationTime = 3,
  kExportable = 4,
  kTrust = 5,
  kRevocable = 7,
  kKeyExpirationTime = 9,
  kPreferredCiphers = 11,
  kRevocationKey = 12,
  kIssuer = 16,
  kNotation = 20,
  kPreferredHashes = 21,
  kPreferredCompression = 22,
  kServerPreferences = 23,
  kPreferredServer = 24,
  kPrimaryUserId = 25,
  kPolicy = 26,
  kKeyFlags = 27,
  kSignersUserId = 28,
  kRevocationReason = 29,
  kFeatures = 30,
  kEmbeddedSignature = 32,
  kIssuerFingerprint = 33,
  kRecipientFingerprint = 35,
};

std::unexpected<ParseError> malformed(std::string_view what) {
  return fail(ParseErrc::malformed, 0, "OpenPGP signature: " + std::string(what));
}

std::uint64_t subpacket_size(ByteReader& in) {
  const std::uint8_t first = in.u8();
  if (first < 192) return first;
  if (first < 255) return (first - 192U) * 256U + in.u8() + 192U;
  return in.be<std::uint32_t>();
}

std::int64_t seconds_of(Bytes body) {
  ByteReader in(body);
  return in.be<std::uint32_t>();
}

// Those that have no say here, critical or not.
bool is_harmless(std::uint8_t type) {
  switch (type) {
    case kExportable:
    case kTrust:
    case kRevocable:
    case kPreferredCiphers:
    case kRevocationKey:
    case kPreferredHashes:
    case kPreferredCompression:
    case kServerPreferences:
    case kPreferredServer:
    case kPolicy:
    case kSignersUserId:
    case kFeatures:
    case kRecipientFingerprint:
      return true;
    default:
      return false;
  }
}

class SubpacketReader {
 public:
  explicit SubpacketReader(Signature& signature) : signature_(signature) {}

  // What is wrong with the area; nothing when all of it was read.
  std::optional<ParseError> read(Bytes area, bool hashed) {
    ByteReader in(area);
    while (in.remaining() > 0) {
      const std::uint64_t size = subpacket_size(in);
      const Bytes subpacket = in.take(size);
      if (!in.ok() || subpacket.empty()) return malformed("a subpacket is cut off").error();
      const auto type = std::to_integer<std::uint8_t>(subpacket.front());
      const Bytes body = subpacket.subspan(1);
      if (hashed) {
        if (auto error = read_hashed(type, body)) return error;
      } else {
        read_unhashed(type, body);
      }
    }
    return std::nullopt;
  }

  bool has_creation_time() const { return seen_.contains(kCreationTime); }

 private:
  std::optional<ParseError> read_hashed(std::uint8_t type, Bytes body) {
    const auto known = static_cast<std::uint8_t>(type & ~kCritical);
    if (take_hint(known, body)) return std::nullopt;
    switch (known) {
      case kCreationTime:
        return take_time(known, body, signature_.created);
      case kExpirationTime:
        return take_time(known, body, signature_.lifetime);
      case kKeyExpirationTime:
        return take_time(known, body, signature_.key_lifetime.emplace());
      case kKeyFlags:
        return take_octet(known, body, signature_.key_flags);
      case kRevocationReason:
        return take_octet(known, body, signature_.revocation_reason);
      case kPrimaryUserId:
        signature_.is_primary_user_id = !body.empty() && body.front() != std::byte{0};
        return std::nullopt;
      default:
        break;
    }
    if (!(type & kCritical) || is_harmless(known)) return std::nullopt;
    return ParseError{ParseErrc::unsupported, 0,
                      "OpenPGP signature: critical subpacket " + std::to_string(known)};
  }

  void read_unhashed(std::uint8_t type, Bytes body) {
    const bool is_issuer = type == kIssuer || type == kIssuerFingerprint;
    if (!is_issuer) signature_.plain_unhashed = false;
    take_hint(type, body);
    if (is_issuer && !hinted_) signature_.plain_unhashed = false;
  }

  // Who signed, and the back signature of a subkey: they need not be hashed.
  bool take_hint(std::uint8_t type, Bytes body) {
    hinted_ = false;
    if (type == kIssuer && body.size() == 8) {
      signature_.issuer_hints.push_back(hex(body));
      hinted_ = true;
    } else if (type == kIssuerFingerprint && body.size() == 21 &&
               body.front() == std::byte{kVersion}) {
      signature_.issuer_hints.push_back(hex(body.subspan(1)));
      hinted_ = true;
    } else if (type == kEmbeddedSignature && !signature_.embedded) {
      signature_.embedded.emplace(body.begin(), body.end());
      hinted_ = true;
    }
    return hinted_;
  }

  std::optional<ParseError> take_time(std::uint8_t type, Bytes body, std::int64_t& value) {
    if (body.size() != 4 || !seen_.insert(type).second) return bad(type);
    value = seconds_of(body);
    return std::nullopt;
  }

  std::optional<ParseError> take_octet(std::uint8_t type, Bytes body,
                                       std::optional<std::uint8_t>& value) {
    if (!seen_.insert(type).second) return bad(type);
    value = body.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(body.front());
    return std::nullopt;
  }

  static ParseError bad(std::uint8_t type) {
    return malformed("subpacket " + std::to_string(type) + " twice or of a wrong size").error();
  }

  Signature& signature_;
  std::set<std::uint8_t> seen_;
  bool hinted_ = false;
};

std::size_t number_count(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_sign:
      return 1;
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::ecdsa:
    case KeyAlgorithm::eddsa_legacy:
      return 2;
    case KeyAlgorithm::ed25519:
      break;
  }
  return 0;
}

// The algorithm's own part, to the end of the packet.
std::optional<ParseError> read_numbers(ByteReader& in, Signature& signature) {
  if (signature.algorithm == KeyAlgorithm::ed25519) {
    const Bytes raw = in.take(64);
    signature.numbers.emplace_back(raw.begin(), raw.end());
  } else {
    const std::size_t count = number_count(signature.algorithm);
    if (count == 0) {
      return ParseError{ParseErrc::unsupported, 0, "OpenPGP signature: algorithm not known"};
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Bytes number = take_mpi(in);
      if (number.empty()) return malformed("a number is not well written").error();
      signature.numbers.emplace_back(number.begin(), number.end());
    }
  }
  if (!in.ok()) return malformed("ends too early").error();
  if (in.remaining() != 0) return malformed("bytes behind it").error();
  return std::nullopt;
}

}  // namespace

Parsed<Signature> parse_signature(Bytes body) {
  ByteReader in(body);
  const std::uint8_t version = in.u8();
  if (in.ok() && version != kVersion) {
    return fail(ParseErrc::unsupported, 0, "OpenPGP signature: version " + std::to_string(version));
  }
  Signature signature;
  signature.type = static_cast<SignatureType>(in.u8());
  signature.algorithm = static_cast<KeyAlgorithm>(in.u8());
  signature.hash_id = in.u8();
  const Bytes hashed = in.take(in.be<std::uint16_t>());
  const Bytes front = body.first(static_cast<std::size_t>(in.ok() ? in.offset() : 0));
  const Bytes unhashed = in.take(in.be<std::uint16_t>());
  const Bytes digest_start = in.take(2);
  if (!in.ok()) return malformed("ends too early");
  signature.hashed.assign(front.begin(), front.end());
  signature.digest_start.assign(digest_start.begin(), digest_start.end());
  SubpacketReader subpackets(signature);
  if (auto error = subpackets.read(hashed, true)) return std::unexpected(*error);
  if (auto error = subpackets.read(unhashed, false)) return std::unexpected(*error);
  if (!subpackets.has_creation_time()) return malformed("has no creation time");
  if (auto error = read_numbers(in, signature)) return std::unexpected(*error);
  return signature;
}

}  // namespace assay::provenance::openpgp
