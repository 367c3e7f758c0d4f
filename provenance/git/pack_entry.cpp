#include "provenance/git/pack_entry.h"

#include <array>
#include <optional>
#include <string>

#include "core/byte_reader.h"

namespace assay::provenance::git {
namespace {

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kReferenceDelta = 7;
constexpr std::uint64_t kIdSize = 20;

std::string_view type_name(unsigned type) {
  constexpr std::array<std::string_view, 5> kNames{"", "commit", "tree", "blob", "tag"};
  return type < kNames.size() ? kNames[type] : std::string_view();
}

// Four bits beside the type, then seven a byte, the lowest first.
std::optional<std::uint64_t> take_size(ByteReader& in, unsigned first) {
  std::uint64_t size = first & 0xFU;
  unsigned byte = first;
  for (unsigned shift = 4; (byte & 0x80U) != 0; shift += 7) {
    if (shift > 53) return std::nullopt;
    byte = in.u8();
    size |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
  }
  return size;
}

// Seven bits a byte, the highest first; each further byte adds one to what went before.
std::optional<std::uint64_t> take_distance(ByteReader& in) {
  unsigned byte = in.u8();
  std::uint64_t distance = byte & 0x7FU;
  while ((byte & 0x80U) != 0) {
    if (distance > (std::uint64_t{1} << 55U)) return std::nullopt;
    byte = in.u8();
    distance = ((distance + 1) << 7U) | (byte & 0x7FU);
  }
  return distance;
}

}  // namespace

Parsed<PackEntry> parse_pack_entry(Bytes bytes) {
  const auto malformed = [](const char* what) { return fail(ParseErrc::malformed, 0, what); };
  ByteReader in{bytes};
  const unsigned first = in.u8();
  const unsigned type = first >> 4U & 7U;
  PackEntry entry{.type = type_name(type), .base_id = {}};
  const auto size = take_size(in, first);
  if (!size) return malformed("a packed object has no size");
  entry.size = *size;
  if (type == kOffsetDelta) {
    const auto distance = take_distance(in);
    if (!distance || (*distance == 0 && in.ok())) return malformed("a delta's base lies nowhere");
    entry.base_distance = *distance;
  } else if (type == kReferenceDelta) {
    entry.base_id = in.take(kIdSize);
  } else if (entry.type.empty() && in.ok()) {
    return malformed("a packed object is of no kind");
  }
  if (in.error()) return malformed("a pack is cut");
  entry.header_size = in.offset();
  return entry;
}

}  // namespace assay::provenance::git
