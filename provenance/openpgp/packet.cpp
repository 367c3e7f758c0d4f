#include "provenance/openpgp/packet.h"

#include <bit>
#include <optional>

namespace assay::provenance::openpgp {
namespace {

constexpr std::uint8_t kIsPacket = 0x80;
constexpr std::uint8_t kIsNewFormat = 0x40;

// Nothing when the length is indeterminate (3).
std::optional<std::uint64_t> old_length(ByteReader& in, unsigned type) {
  switch (type) {
    case 0:
      return in.u8();
    case 1:
      return in.be<std::uint16_t>();
    case 2:
      return in.be<std::uint32_t>();
    default:
      return std::nullopt;
  }
}

// Nothing for a partial length (224 to 254).
std::optional<std::uint64_t> new_length(ByteReader& in) {
  const std::uint8_t first = in.u8();
  if (first < 192) return first;
  if (first < 224) return (first - 192U) * 256U + in.u8() + 192U;
  if (first == 255) return in.be<std::uint32_t>();
  return std::nullopt;
}

}  // namespace

Parsed<std::vector<Packet>> split_packets(Bytes sequence) {
  ByteReader in(sequence);
  std::vector<Packet> packets;
  while (in.remaining() > 0) {
    const std::uint64_t offset = in.offset();
    const std::uint8_t head = in.u8();
    if (!(head & kIsPacket)) return fail(ParseErrc::malformed, offset, "OpenPGP: not a packet");
    const bool is_new = head & kIsNewFormat;
    const auto size = is_new ? new_length(in) : old_length(in, head & 3U);
    if (!size) return fail(ParseErrc::unsupported, offset, "OpenPGP: a packet without its length");
    const Bytes body = in.take(*size);
    if (in.error()) return fail(ParseErrc::malformed, offset, "OpenPGP: a packet is cut off");
    packets.push_back({static_cast<Tag>(is_new ? head & 0x3FU : (head >> 2) & 0x0FU), body});
  }
  return packets;
}

Bytes take_mpi(ByteReader& in) {
  const auto bits = in.be<std::uint16_t>();
  const Bytes number = in.take((bits + 7U) / 8U);
  if (number.empty()) return {};
  const auto top = std::to_integer<std::uint8_t>(number.front());
  const auto found = (number.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(top));
  return found == bits ? number : Bytes{};
}

}  // namespace assay::provenance::openpgp
