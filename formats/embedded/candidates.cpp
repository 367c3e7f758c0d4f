#include <array>
#include <bit>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "formats/embedded/sweep.h"

namespace assay::embedded {
namespace {

// What the heads of head_at() begin with.
constexpr std::array<std::pair<std::uint8_t, std::uint8_t>, 7> kPairs{
    {{0x7F, 'E'}, {'M', 'Z'}, {0xCE, 0xFA}, {0xCF, 0xFA}, {0xCA, 0xFE}, {'#', '!'}, {'P', 'K'}}};

// One bit a pair: which pairs a first or second byte may belong to.
struct Masks {
  std::array<std::uint8_t, 256> first{};
  std::array<std::uint8_t, 256> second{};
};

constexpr Masks make_masks() {
  Masks masks;
  for (std::size_t i = 0; i < kPairs.size(); ++i) {
    masks.first[kPairs[i].first] |= static_cast<std::uint8_t>(1U << i);
    masks.second[kPairs[i].second] |= static_cast<std::uint8_t>(1U << i);
  }
  return masks;
}

constexpr Masks kMasks = make_masks();

void find_plain(Bytes bytes, std::size_t from, std::size_t count,
                std::vector<std::uint32_t>& positions) {
  for (std::size_t i = from; i < count && i + 1 < bytes.size(); ++i) {
    const std::uint8_t first = kMasks.first[std::to_integer<std::size_t>(bytes[i])];
    if (first && (first & kMasks.second[std::to_integer<std::size_t>(bytes[i + 1])])) {
      positions.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

#if defined(__x86_64__)

// The masks folded over one nibble of the byte, as a shuffle looks them up.
using NibbleMasks = std::array<std::uint8_t, 16>;

constexpr NibbleMasks fold(const std::array<std::uint8_t, 256>& masks, bool high) {
  NibbleMasks folded{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    folded[high ? byte >> 4 : byte & 15] |= masks[byte];
  }
  return folded;
}

alignas(16) constexpr NibbleMasks kFirstLow = fold(kMasks.first, false);
alignas(16) constexpr NibbleMasks kFirstHigh = fold(kMasks.first, true);
alignas(16) constexpr NibbleMasks kSecondLow = fold(kMasks.second, false);
alignas(16) constexpr NibbleMasks kSecondHigh = fold(kMasks.second, true);

__attribute__((target("avx2"))) __m256i table(const NibbleMasks& masks) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(masks.data())));
}

__attribute__((target("avx2"))) __m256i look_up(__m256i bytes, __m256i low, __m256i high) {
  const __m256i nibble = _mm256_set1_epi8(15);
  return _mm256_and_si256(
      _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble)),
      _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble)));
}

// Thirty-two positions at a time; the nibble tables let some wrong pairs pass,
// which head_at() turns away. Returns where the plain loop has to go on.
__attribute__((target("avx2"))) std::size_t find_avx2(Bytes bytes, std::size_t count,
                                                      std::vector<std::uint32_t>& positions) {
  const __m256i first_low = table(kFirstLow);
  const __m256i first_high = table(kFirstHigh);
  const __m256i second_low = table(kSecondLow);
  const __m256i second_high = table(kSecondHigh);
  const auto* data = reinterpret_cast<const char*>(bytes.data());
  std::size_t i = 0;
  for (; i + 32 <= count && i + 33 <= bytes.size(); i += 32) {
    const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + i));
    const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + i + 1));
    const __m256i both = _mm256_and_si256(look_up(here, first_low, first_high),
                                          look_up(next, second_low, second_high));
    const __m256i none = _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
    auto found = ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
    for (; found; found &= found - 1) {
      positions.push_back(static_cast<std::uint32_t>(i) +
                          static_cast<std::uint32_t>(std::countr_zero(found)));
    }
  }
  return i;
}

#endif

}  // namespace

void find_candidates(Bytes bytes, std::size_t count, std::vector<std::uint32_t>& positions) {
  std::size_t from = 0;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) from = find_avx2(bytes, count, positions);
#endif
  find_plain(bytes, from, count, positions);
}

}  // namespace assay::embedded
