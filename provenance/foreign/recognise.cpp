#include "provenance/foreign/recognise.h"

#include <algorithm>
#include <array>

#include "core/byte_reader.h"
#include "core/text.h"
#include "provenance/base64.h"
#include "provenance/json.h"
#include "provenance/lines.h"
#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/packet.h"
#include "provenance/openpgp/signature.h"

namespace assay::provenance::foreign {
namespace {

constexpr std::uint64_t kMaxTextSize = 1U << 20;
constexpr std::size_t kMaxComment = 1000;
constexpr std::size_t kKeyIdSize = 8;
constexpr std::size_t kSignatureSize = 64;

bool take_front(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

// minisign shows the id as a number, and it is written little-endian.
std::string minisign_key_id(Bytes id) {
  ByteString reversed(id.rbegin(), id.rend());
  std::string text = hex(reversed);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

// A comment, a line of base64, and of minisign a comment that is signed too.
std::optional<ForeignSignature> recognise_minisign(std::string_view text) {
  std::string_view comment = take_line(text);
  if (!take_front(comment, "untrusted comment:")) return std::nullopt;
  const auto blob = from_base64(take_line(text));
  if (!blob || blob->size() != 2 + kKeyIdSize + kSignatureSize) return std::nullopt;
  const std::string_view algorithm = as_text(*blob).substr(0, 2);
  if (algorithm != "Ed" && algorithm != "ED") return std::nullopt;
  const Bytes id = clip(*blob, 2, kKeyIdSize);
  ForeignSignature found;
  std::string_view trusted = take_line(text);
  const bool has_trusted = take_front(trusted, "trusted comment:");
  if (has_trusted || algorithm == "ED") {
    found.kind = Kind::minisign;
    found.key_id = minisign_key_id(id);
    found.properties.emplace_back("algorithm", algorithm == "ED" ? "ed25519-blake2b" : "ed25519");
    while (trusted.starts_with(' ')) trusted.remove_prefix(1);
    if (has_trusted) found.properties.emplace_back("comment", shortened(trusted, kMaxComment));
    return found;
  }
  found.kind = Kind::signify;
  found.key_id = hex(id);
  while (comment.starts_with(' ')) comment.remove_prefix(1);
  found.properties.emplace_back("algorithm", "ed25519");
  found.properties.emplace_back("comment", shortened(comment, kMaxComment));
  return found;
}

// Of the first signature of a sequence of packets that are signatures alone.
std::optional<ForeignSignature> recognise_packets(Bytes bytes) {
  const auto packets = openpgp::split_packets(bytes);
  if (!packets || packets->empty()) return std::nullopt;
  const bool signatures_alone = std::ranges::all_of(*packets, [](const openpgp::Packet& packet) {
    return packet.tag == openpgp::Tag::signature && packet.body.size() > 4;
  });
  if (!signatures_alone) return std::nullopt;
  ForeignSignature found{.kind = Kind::openpgp, .key_id = {}, .properties = {}};
  const Bytes body = packets->front().body;
  found.properties.emplace_back("signature_version",
                                std::to_string(std::to_integer<int>(body.front())));
  const auto signature = openpgp::parse_signature(body);
  // The longest is the fingerprint, which says most.
  for (const std::string& hint : signature ? signature->issuer_hints : std::vector<std::string>()) {
    if (hint.size() > found.key_id.size()) found.key_id = hint;
  }
  if (packets->size() > 1) {
    found.properties.emplace_back("signature_count", std::to_string(packets->size()));
  }
  return found;
}

std::optional<ForeignSignature> recognise_openpgp(Bytes document) {
  std::string_view text = as_text(document);
  if (text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----")) {
    const auto at = text.find("\n-----BEGIN PGP SIGNATURE-----");
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + 1);
  }
  if (text.starts_with("-----BEGIN PGP SIGNATURE-----")) {
    const auto bytes = openpgp::take_armor(text, "PGP SIGNATURE");
    return bytes ? recognise_packets(*bytes) : std::nullopt;
  }
  return recognise_packets(document);
}

// A box of boxes whose description says "c2pa" (ISO/IEC 19566-5).
std::optional<ForeignSignature> recognise_c2pa(Bytes document) {
  constexpr std::string_view kUuid{"c2pa\x00\x11\x00\x10\x80\x00\x00\xAA\x00\x38\x9B\x71", 16};
  ByteReader in(document);
  const auto size = in.be<std::uint32_t>();
  const std::string_view kind = as_text(in.take(4));
  in.skip(4);
  const std::string_view description = as_text(in.take(4));
  const std::string_view uuid = as_text(in.take(kUuid.size()));
  if (!in.ok() || size < in.offset() || kind != "jumb" || description != "jumd" || uuid != kUuid) {
    return std::nullopt;
  }
  return ForeignSignature{.kind = Kind::c2pa, .key_id = {}, .properties = {}};
}

// The header of a JWS, in base64 of the URL alphabet.
std::optional<ForeignSignature> recognise_jws_header(std::string_view base64) {
  const auto json = from_base64(base64);
  const auto header = json ? parse_json(*json, kMaxTextSize) : std::unexpected(ParseError{});
  const JsonValue* algorithm = header ? header->find("alg") : nullptr;
  if (!algorithm || !algorithm->text()) return std::nullopt;
  ForeignSignature found{.kind = Kind::jws, .key_id = {}, .properties = {}};
  found.properties.emplace_back("algorithm", shortened(*algorithm->text(), kMaxComment));
  const JsonValue* id = header->find("kid");
  if (id && id->text()) found.key_id = shortened(*id->text(), kMaxComment);
  return found;
}

// HEADER.PAYLOAD.SIGNATURE, or HEADER..SIGNATURE where the payload is detached.
std::optional<ForeignSignature> recognise_compact_jws(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  if (!text.starts_with("ey") || std::ranges::count(text, '.') != 2 || text.ends_with('.') ||
      text.find_first_not_of(kAlphabet) != std::string_view::npos) {
    return std::nullopt;
  }
  return recognise_jws_header(text.substr(0, text.find('.')));
}

std::optional<ForeignSignature> recognise_json_jws(Bytes document) {
  if (!starts_with(document, "{")) return std::nullopt;
  const auto root = parse_json(document, kMaxTextSize);
  if (!root || root->find("payloadType")) return std::nullopt;  // DSSE is much alike
  const JsonValue* signatures = root->find("signatures");
  const JsonArray* list = signatures ? signatures->array() : nullptr;
  const JsonValue& first = list && !list->empty() ? list->front() : *root;
  const JsonValue* header = first.find("protected");
  if (!header || !header->text() || !first.find("signature")) return std::nullopt;
  return recognise_jws_header(*header->text());
}

// A tag and an array of four whose first is a byte string (RFC 9052 §2, §4).
std::optional<ForeignSignature> recognise_cose(Bytes document) {
  std::string_view text = as_text(document);
  constexpr std::string_view kSign1 = "\xD2\x84";
  constexpr std::string_view kSign = "\xD8\x62\x84";
  const bool one = take_front(text, kSign1);
  if (!one && !take_front(text, kSign)) return std::nullopt;
  if (text.empty() || (static_cast<unsigned char>(text[0]) & 0xE0) != 0x40) return std::nullopt;
  ForeignSignature found{.kind = Kind::cose, .key_id = {}, .properties = {}};
  found.properties.emplace_back("structure", one ? "COSE_Sign1" : "COSE_Sign");
  return found;
}

// DER of two numbers (RFC 3279 §2.2.3), in base64.
std::optional<ForeignSignature> recognise_raw(std::string_view text) {
  constexpr std::size_t kMaxRaw = 256;
  constexpr std::byte kSequence{0x30}, kInteger{0x02};
  if (text.size() > kMaxRaw) return std::nullopt;
  const auto bytes = from_base64(text.substr(0, text.find_last_not_of(" \r\n") + 1));
  if (!bytes || bytes->size() < 8) return std::nullopt;
  ByteReader in(*bytes);
  const bool whole = in.u8() == std::to_integer<unsigned>(kSequence) &&
                     in.u8() + std::size_t{2} == bytes->size() &&
                     in.u8() == std::to_integer<unsigned>(kInteger);
  if (!whole) return std::nullopt;
  return ForeignSignature{.kind = Kind::raw, .key_id = {}, .properties = {}};
}

std::optional<ForeignSignature> recognise_text(Bytes document) {
  if (document.size() > kMaxTextSize) return std::nullopt;
  const std::string_view text = as_text(document);
  if (auto found = recognise_minisign(text)) return found;
  if (auto found = recognise_compact_jws(text)) return found;
  if (auto found = recognise_raw(text)) return found;
  return recognise_json_jws(document);
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::minisign:
      return "minisign";
    case Kind::signify:
      return "signify";
    case Kind::openpgp:
      return "openpgp";
    case Kind::c2pa:
      return "c2pa";
    case Kind::jws:
      return "jws";
    case Kind::cose:
      return "cose";
    case Kind::raw:
      break;
  }
  return "raw";
}

std::optional<ForeignSignature> recognise(Bytes document) {
  if (document.empty()) return std::nullopt;
  if (auto found = recognise_c2pa(document)) return found;
  if (auto found = recognise_cose(document)) return found;
  if (auto found = recognise_text(document)) return found;
  return document.size() <= kMaxTextSize ? recognise_openpgp(document) : std::nullopt;
}

Evidence present_and_unchecked(const ForeignSignature& signature) {
  Evidence evidence;
  evidence.kind = to_string(signature.kind);
  evidence.method = to_string(signature.kind);
  evidence.checks.cannot("signature.unchecked",
                         "a signature of this kind is here, and not checked");
  if (!signature.key_id.empty()) evidence.properties.emplace_back("key_id", signature.key_id);
  evidence.properties.insert(evidence.properties.end(), signature.properties.begin(),
                             signature.properties.end());
  return evidence;
}

}  // namespace assay::provenance::foreign
