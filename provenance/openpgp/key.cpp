#include "provenance/openpgp/key.h"

#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/packet.h"

namespace assay::provenance::openpgp {
namespace {

constexpr std::string_view kLabel = "PGP PUBLIC KEY BLOCK";
constexpr std::uint64_t kMaxFileSize = 16U << 20;

// Puts each packet where the ones before it say it belongs.
class KeyCollector {
 public:
  explicit KeyCollector(std::vector<OpenPgpKey>& keys) : keys_(keys) {}

  // False for packets that do not belong among public keys.
  bool take(const Packet& packet) {
    switch (packet.tag) {
      case Tag::public_key:
        begin_key(packet.body);
        return true;
      case Tag::public_subkey:
        begin_subkey(packet.body);
        return true;
      case Tag::user_id:
        begin_user_id(packet.body);
        return true;
      case Tag::user_attribute:
        signatures_ = nullptr;
        return true;
      case Tag::signature:
        add_signature(packet.body);
        return true;
      case Tag::marker:
      case Tag::trust:
      case Tag::padding:
        return true;
      default:
        return false;
    }
  }

 private:
  void begin_key(Bytes body) {
    signatures_ = nullptr;
    in_key_ = false;
    auto packet = parse_key_packet(body);
    if (!packet) return;
    in_key_ = true;
    keys_.push_back(
        {.primary = std::move(*packet), .signatures = {}, .user_ids = {}, .subkeys = {}});
    signatures_ = &keys_.back().signatures;
  }

  void begin_subkey(Bytes body) {
    signatures_ = nullptr;
    auto packet = parse_key_packet(body);
    if (!in_key_ || !packet) return;
    keys_.back().subkeys.push_back({.packet = std::move(*packet), .signatures = {}});
    signatures_ = &keys_.back().subkeys.back().signatures;
  }

  void begin_user_id(Bytes body) {
    signatures_ = nullptr;
    if (!in_key_) return;
    keys_.back().user_ids.push_back({.text = std::string(as_text(body)), .signatures = {}});
    signatures_ = &keys_.back().user_ids.back().signatures;
  }

  void add_signature(Bytes body) {
    if (!signatures_) return;
    auto signature = parse_signature(body);
    if (signature) signatures_->push_back(std::move(*signature));
  }

  std::vector<OpenPgpKey>& keys_;
  std::vector<Signature>* signatures_ = nullptr;  // where the next signature belongs
  bool in_key_ = false;
};

Parsed<void> collect(Bytes packets_bytes, std::vector<OpenPgpKey>& keys) {
  const auto packets = split_packets(packets_bytes);
  if (!packets) return std::unexpected(packets.error());
  KeyCollector collector(keys);
  for (const Packet& packet : *packets) {
    if (packet.tag == Tag::secret_key || packet.tag == Tag::secret_subkey) {
      return fail(ParseErrc::malformed, 0, "OpenPGP: a secret key, not a public one");
    }
    if (!collector.take(packet)) {
      return fail(ParseErrc::malformed, 0, "OpenPGP: a packet that is no part of a key");
    }
  }
  return {};
}

Parsed<void> collect_armored(std::string_view text, std::vector<OpenPgpKey>& keys) {
  const std::string begin = "-----BEGIN " + std::string(kLabel) + "-----";
  for (auto at = text.find(begin); at != std::string_view::npos; at = text.find(begin)) {
    text.remove_prefix(at);
    const auto bytes = take_armor(text, kLabel);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto done = collect(*bytes, keys); !done) return done;
  }
  return {};
}

}  // namespace

Parsed<std::vector<OpenPgpKey>> parse_keys(Bytes file) {
  if (file.size() > kMaxFileSize) {
    return fail(ParseErrc::over_budget, kMaxFileSize, "OpenPGP: more keys than are read");
  }
  std::vector<OpenPgpKey> keys;
  const bool is_bare = !file.empty() && (file.front() & std::byte{0x80}) != std::byte{0};
  const auto done = is_bare ? collect(file, keys) : collect_armored(as_text(file), keys);
  if (!done) return std::unexpected(done.error());
  if (keys.empty()) return fail(ParseErrc::malformed, 0, "OpenPGP: no public key of version 4");
  return keys;
}

}  // namespace assay::provenance::openpgp
