#include "provenance/git/pack_index.h"

#include <algorithm>

#include "core/byte_reader.h"

namespace assay::provenance::git {
namespace {

constexpr std::uint64_t kFanout = 256 * 4;
constexpr std::uint64_t kIdSize = 20;
constexpr std::uint64_t kTrailer = 2 * kIdSize;
constexpr std::uint32_t kMagic = 0xFF744F63;  // "\377tOc"

std::uint64_t head_size(unsigned version) { return version == 2 ? 8 : 0; }

// Bytes of all tables together, without the table of large offsets.
std::uint64_t tables_size(unsigned version, std::uint64_t count) {
  const std::uint64_t entry = version == 2 ? kIdSize + 4 + 4 : kIdSize + 4;
  return head_size(version) + kFanout + count * entry + kTrailer;
}

}  // namespace

std::uint32_t PackIndex::number(std::uint64_t offset) const {
  ByteReader in{file_.subspan(static_cast<std::size_t>(offset), 4)};
  return in.be<std::uint32_t>();
}

Parsed<PackIndex> PackIndex::parse(Bytes file) {
  const auto bad = [](const char* what) {
    return fail(ParseErrc::malformed, 0, std::string("a pack's index ") + what);
  };
  if (file.size() < kFanout + kTrailer) return bad("is cut");
  PackIndex index(file, 1, 0);
  if (index.number(0) == kMagic) {
    if (index.number(4) != 2) return fail(ParseErrc::unsupported, 4, "a pack's index of a version that is not read");
    index.version_ = 2;
  }
  if (file.size() < head_size(index.version_) + kFanout + kTrailer) return bad("is cut");
  std::uint32_t last = 0;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const std::uint32_t count = index.number(head_size(index.version_) + 4 * i);
    if (count < last) return bad("counts backwards");
    last = count;
  }
  index.count_ = last;
  if (file.size() < tables_size(index.version_, last)) return bad("has tables that do not fit in it");
  return index;
}

Bytes PackIndex::id(std::uint32_t index) const {
  const std::uint64_t at = version_ == 2 ? head_size(2) + kFanout + index * kIdSize
                                         : kFanout + index * (kIdSize + 4) + 4;
  return file_.subspan(static_cast<std::size_t>(at), kIdSize);
}

std::optional<std::uint64_t> PackIndex::offset(std::uint32_t index) const {
  if (version_ == 1) return number(kFanout + index * (kIdSize + 4));
  const std::uint64_t offsets = head_size(2) + kFanout + std::uint64_t{count_} * (kIdSize + 4);
  const std::uint32_t small = number(offsets + std::uint64_t{index} * 4);
  if ((small & 0x80000000U) == 0) return small;
  // The rest of the bits name a row of the table of 64-bit offsets.
  const std::uint64_t row = offsets + std::uint64_t{count_} * 4 + (small & 0x7FFFFFFFU) * std::uint64_t{8};
  if (row + 8 > file_.size() - kTrailer) return std::nullopt;
  ByteReader in{file_.subspan(static_cast<std::size_t>(row), 8)};
  return in.be<std::uint64_t>();
}

std::optional<std::uint64_t> PackIndex::find(Bytes wanted) const {
  const auto first = std::to_integer<std::uint64_t>(wanted[0]);
  const std::uint64_t fanout = head_size(version_);
  std::uint32_t low = first == 0 ? 0 : number(fanout + 4 * (first - 1));
  std::uint32_t high = number(fanout + 4 * first);
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const Bytes found = id(middle);
    if (std::ranges::equal(found, wanted)) return offset(middle);
    if (std::ranges::lexicographical_compare(found, wanted)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

}  // namespace assay::provenance::git
