#include "core/text.h"
#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/key.h"
#include "provenance/openpgp/packet.h"
#include "provenance/openpgp/signature.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::openpgp;

namespace {

// Packets lie one behind the other.
void check_packets(Bytes sequence) {
  const auto packets = split_packets(sequence);
  if (!packets) return;
  const std::byte* end = sequence.data();
  for (const Packet& packet : *packets) {
    test::require(packet.body.empty() || packet.body.data() >= end, "packets follow each other");
    if (!packet.body.empty()) end = packet.body.data() + packet.body.size();
    if (packet.tag != Tag::signature) continue;
    const auto signature = parse_signature(packet.body);
    if (!signature) continue;
    test::require(starts_with(packet.body, as_text(signature->hashed)),
                  "what is hashed begins the packet");
    test::require(signature->digest_start.size() == 2, "two bytes of the digest");
  }
  test::require(end <= sequence.data() + sequence.size(), "packets lie inside");
}

}  // namespace

// The input as packets, bare and in armour, and as a file of keys.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  check_packets(input);
  for (const std::string_view label : {"PGP SIGNATURE", "PGP PUBLIC KEY BLOCK"}) {
    std::string_view text = as_text(input);
    const auto bytes = take_armor(text, label);
    if (!bytes) continue;
    test::require(as_text(input).ends_with(text), "what is left is the end of the input");
    check_packets(*bytes);
  }
  const auto keys = parse_keys(input);
  test::require(!keys || !keys->empty(), "a file of keys has one");
  return 0;
}
