#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace assay::pickle {

// All of a text of at most 16 bytes in two words, which may overlap, given its size; of a
// longer one, both ends.
struct TextEnds {
  std::uint64_t front = 0;
  std::uint64_t back = 0;

  explicit TextEnds(std::string_view text) {
    const char* const at = text.data();
    const std::size_t size = text.size();
    if (size >= 8) {
      front = load<std::uint64_t>(at);
      back = load<std::uint64_t>(at + size - 8);
    } else if (size >= 4) {
      front = load<std::uint32_t>(at);
      back = load<std::uint32_t>(at + size - 4);
    } else if (size > 0) {
      front = load<std::uint8_t>(at) | load<std::uint8_t>(at + size / 2) << 8;
      back = load<std::uint8_t>(at + size - 1);
    }
  }
  bool operator==(const TextEnds&) const = default;

  template <typename T>
  static std::uint64_t load(const char* at) {
    T word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
};

// What was found out of the short texts that were seen last: a shortcut that may forget
// anything at any time.
class ShortTexts {
 public:
  static constexpr std::size_t kMaxSize = 16;

  // `text` is not longer than kMaxSize.
  std::optional<std::uint32_t> find(std::string_view text) const {
    const TextEnds ends(text);
    const Entry& entry = entries_[slot_of(ends)];
    const bool same =
        entry.size == text.size() && entry.front == ends.front && entry.back == ends.back;
    return same ? std::optional(entry.detail) : std::nullopt;
  }
  void put(std::string_view text, std::uint32_t detail) {
    const TextEnds ends(text);
    entries_[slot_of(ends)] = {ends.front, ends.back, static_cast<std::uint32_t>(text.size()),
                               detail};
  }

 private:
  struct Entry {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::uint32_t size = ~0U;
    std::uint32_t detail = 0;
  };
  static constexpr unsigned kBits = 8;

  static std::size_t slot_of(const TextEnds& ends) {
    constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;
    return (ends.front ^ ends.back * 3) * kPrime >> (64 - kBits);
  }

  std::array<Entry, 1U << kBits> entries_;
};

}  // namespace assay::pickle
