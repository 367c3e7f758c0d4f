#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>

// What the structure-aware mutators share. They know nothing of libFuzzer: what
// mutates blind bytes is handed to them, so that they build and are tested without it.
namespace assay::fuzzing {

// libFuzzer's LLVMFuzzerMutate: changes `size` bytes in place, up to `max_size`.
using ByteMutator = std::size_t (*)(std::uint8_t* data, std::size_t size, std::size_t max_size);

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  // A number below `bound`, which is not 0.
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <typename Range>
  const auto& pick(const Range& range) {
    return *(std::begin(range) + static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

 private:
  std::minstd_rand engine_;
};

// The low `size` bytes of `value`, the lowest first.
inline std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += static_cast<char>(i < 8 ? value >> (8 * i) & 0xFF : 0);
  }
  return out;
}

// A number on a border: of small counts, of integer widths, of `near`.
inline std::uint64_t interesting_number(Dice& dice, std::uint64_t near) {
  const std::uint64_t values[] = {0,          1,          2,          near,       near + 1,
                                  near - 1,   0x7F,       0x80,       0xFF,       0x100,
                                  0x7FFF,     0x8000,     0xFFFF,     0x10000,    0x7FFFFFFF,
                                  0x80000000, 0xFFFFFFFF, 1ULL << 32, 1ULL << 63, ~0ULL};
  return dice.pick(values);
}

// `text` changed by `mutate`, at most `max_size` long; as it is if there is no room.
inline std::string mutated_bytes(std::string text, std::size_t max_size, ByteMutator mutate) {
  if (max_size == 0 || text.size() > max_size) return text;
  const std::size_t size = text.size();
  text.resize(max_size);
  const std::size_t changed = mutate(reinterpret_cast<std::uint8_t*>(text.data()), size, max_size);
  text.resize(changed < max_size ? changed : max_size);
  return text;
}

}  // namespace assay::fuzzing
