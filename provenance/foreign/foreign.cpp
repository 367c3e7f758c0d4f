#include "provenance/foreign/foreign.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "provenance/base64.h"
#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/packet.h"
#include "provenance/openpgp/signature.h"
#include "provenance/sshsig/key.h"
#include "provenance/sshsig/signature.h"

namespace assay::provenance::foreign {
namespace {

constexpr std::size_t kMaxSize = 1U << 20;  // of a detached signature of any kind

Evidence unchecked(std::string kind, std::string key_id = {}) {
  Evidence evidence{.kind = std::move(kind)};
  evidence.checks.cannot("signature.unchecked", "a signature of this kind is not checked here");
  if (!key_id.empty()) evidence.properties.emplace_back("key_id", std::move(key_id));
  return evidence;
}

// All packets must be signatures: anything may begin with such a byte.
std::optional<Evidence> read_packets(Bytes sequence) {
  const auto packets = openpgp::split_packets(sequence);
  if (!packets || packets->empty()) return std::nullopt;
  std::string key_id;
  for (const openpgp::Packet& packet : *packets) {
    if (packet.tag != openpgp::Tag::signature) return std::nullopt;
    const auto signature = openpgp::parse_signature(packet.body);
    if (!signature) return std::nullopt;
    if (key_id.empty() && !signature->issuer_hints.empty()) key_id = signature->issuer_hints[0];
  }
  return unchecked("openpgp", std::move(key_id));
}

std::optional<Evidence> read_openpgp(Bytes file) {
  std::string_view text = as_text(file);
  if (!text.starts_with("-----BEGIN PGP SIGNATURE-----")) return read_packets(file);
  const auto bytes = openpgp::take_armor(text, "PGP SIGNATURE");
  if (!bytes) return std::nullopt;
  return read_packets(*bytes);
}

std::optional<Evidence> read_sshsig(std::string_view text) {
  if (!text.starts_with(sshsig::kArmorBegin)) return std::nullopt;
  const auto blob = sshsig::parse_armor(text);
  if (!blob) return std::nullopt;
  const auto signature = sshsig::parse_signature(*blob);
  if (!signature) return std::nullopt;
  return unchecked("sshsig", sshsig::fingerprint_of(signature->key_blob));
}

// "untrusted comment: ..." and a line of base64: "Ed" or "ED", 8 bytes of key id, 64 of
// signature.
std::optional<Evidence> read_minisign(std::string_view text) {
  if (!text.starts_with("untrusted comment:")) return std::nullopt;
  const auto first = text.find('\n');
  if (first == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(first + 1);
  line = line.substr(0, line.find_first_of("\r\n"));
  const auto bytes = from_base64(line);
  constexpr std::size_t kSize = 2 + 8 + 64;
  if (!bytes || bytes->size() != kSize) return std::nullopt;
  const std::string_view algorithm = as_text(*bytes).substr(0, 2);
  if (algorithm != "Ed" && algorithm != "ED") return std::nullopt;
  // The id is a number, and tools show it with its highest byte first.
  std::array<std::byte, 8> id{};
  std::reverse_copy(bytes->begin() + 2, bytes->begin() + 10, id.begin());
  return unchecked("minisign", hex(id));
}

// A box "jumb" at the front (ISO 19566-5), as C2PA keeps its manifests in a file of their own.
bool is_jumbf(std::string_view text) { return text.size() >= 8 && text.substr(4, 4) == "jumb"; }

// DER of two numbers.
bool is_raw(std::string_view text) {
  const auto bytes = from_base64(text.substr(0, text.find_last_not_of(" \r\n") + 1));
  return bytes && bytes->size() >= 8 && bytes->size() <= 150 && (*bytes)[0] == std::byte{0x30} &&
         std::to_integer<std::size_t>((*bytes)[1]) + 2 == bytes->size() &&
         (*bytes)[2] == std::byte{0x02};
}

}  // namespace

std::optional<Evidence> recognize(Bytes file) {
  if (file.size() > kMaxSize || file.empty()) return std::nullopt;
  const std::string_view text = as_text(file);
  if (text.starts_with('{')) return std::nullopt;
  if (auto evidence = read_sshsig(text)) return evidence;
  if (auto evidence = read_minisign(text)) return evidence;
  if (is_jumbf(text)) return unchecked("c2pa");
  if (text.size() <= 256 && is_raw(text)) return unchecked("raw");
  return read_openpgp(file);
}

}  // namespace assay::provenance::foreign
