#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::text {

// How deep the brackets of a text that begins like JSON are nested, outside of
// its strings. Readers that recurse die of more than a thousand levels.
class Nesting {
 public:
  static constexpr std::uint64_t kMaxDepth = 1000;

  // The next characters of the text, from the first one on.
  void add(std::string_view text);

  // Where the limit was passed.
  std::optional<std::uint64_t> too_deep_at() const { return too_deep_at_; }

 private:
  enum class State : std::uint8_t { unknown, outside, inside, escaped, other };
  void take(char c);

  State state_ = State::unknown;
  std::uint64_t depth_ = 0;
  std::uint64_t position_ = 0;
  std::optional<std::uint64_t> too_deep_at_;
};

}  // namespace assay::text
