#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/error.h"

namespace assay {

// Reads a view front to back. The first read past the end sets a sticky error;
// from then on numbers are zero and spans empty, so a caller reads what belongs
// together and asks error() once. Offsets count from the start of the artifact:
// `base` is where the view begins in it.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, std::uint64_t base = 0) : bytes_(bytes), base_(base) {}

  template <std::unsigned_integral T>
  T le() {
    return number<T>(std::endian::little);
  }
  template <std::unsigned_integral T>
  T be() {
    return number<T>(std::endian::big);
  }
  std::uint8_t u8() { return le<std::uint8_t>(); }

  // The next `size` bytes, or nothing and an error when fewer are left.
  Bytes take(std::uint64_t size) {
    if (size > remaining()) {
      overrun(size);
      return {};
    }
    const Bytes taken = bytes_.subspan(position_, static_cast<std::size_t>(size));
    position_ += taken.size();
    return taken;
  }

  // Up to and without `end`, which is consumed; an error when it never comes.
  Bytes take_until(std::byte end) {
    const Bytes rest = bytes_.subspan(position_);
    const auto found = std::find(rest.begin(), rest.end(), end);
    if (error_ || found == rest.end()) {
      overrun(rest.size() + 1);
      return {};
    }
    const auto size = static_cast<std::size_t>(found - rest.begin());
    position_ += size + 1;
    return rest.first(size);
  }

  void skip(std::uint64_t size) { take(size); }

  // The next bytes without consuming them; shorter than asked at the end.
  Bytes peek(std::uint64_t size) const { return clip(bytes_, position_, size); }

  std::uint64_t remaining() const { return error_ ? 0 : bytes_.size() - position_; }
  std::uint64_t offset() const { return base_ + position_; }
  bool ok() const { return !error_; }
  const std::optional<ParseError>& error() const { return error_; }

 private:
  template <std::unsigned_integral T>
  T number(std::endian order) {
    const Bytes raw = take(sizeof(T));
    if (raw.size() != sizeof(T)) return 0;
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    if constexpr (sizeof(T) > 1) {
      if (order != std::endian::native) value = std::byteswap(value);
    }
    return value;
  }

  void overrun(std::uint64_t wanted) {
    if (!error_) {
      error_ = ParseError{ParseErrc::truncated, offset(),
                          "truncated at byte " + std::to_string(offset()) + ": needs " +
                              std::to_string(wanted) + " bytes, " +
                              std::to_string(bytes_.size() - position_) + " left"};
    }
    position_ = bytes_.size();
  }

  Bytes bytes_;
  std::uint64_t base_;
  std::size_t position_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace assay
