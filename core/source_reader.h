#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>

#include "core/byte_source.h"

namespace assay {

// ByteReader's twin over a whole ByteSource: reads front to back through a
// window, so that memory stays constant however large the source is. Payloads
// are stepped over by skip() without being read. Errors are sticky.
class SourceReader {
 public:
  explicit SourceReader(ByteSource& source, std::uint64_t offset = 0,
                        std::uint64_t window_size = 256 * 1024)
      : source_(source),
        window_offset_(offset),
        window_size_(std::min(window_size, source.window_size())) {}

  // The next `size` bytes in one piece (at most kMaxTake), or nothing and an
  // error. The bytes stay good until the next call that reads.
  Bytes take(std::uint64_t size) {
    if (!ensure(size)) return {};
    const Bytes taken = window_.bytes().subspan(position_, static_cast<std::size_t>(size));
    position_ += taken.size();
    return taken;
  }

  template <std::unsigned_integral T>
  T le() {
    if (error_ || window_.size() - position_ < sizeof(T)) [[unlikely]] {
      if (!ensure(sizeof(T))) return 0;
    }
    T value;
    std::memcpy(&value, window_.bytes().data() + position_, sizeof(T));
    position_ += sizeof(T);
    if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
      value = std::byteswap(value);
    }
    return value;
  }
  std::uint8_t u8() { return le<std::uint8_t>(); }

  // The next bytes without consuming them; shorter than asked at the end.
  Bytes peek(std::uint64_t size) {
    if (error_) return {};
    fill(size);
    return clip(window_, position_, size);
  }

  // What is in the window already, without reading: maybe nothing.
  Bytes buffered() const {
    if (error_) return {};
    return window_.bytes().subspan(position_);
  }

  // Steps over `size` bytes, which must exist.
  void skip(std::uint64_t size) {
    if (error_) return;
    if (size <= window_.size() - position_) {
      position_ += static_cast<std::size_t>(size);
      return;
    }
    const std::uint64_t here = offset();
    if (size > 0 && (here + size < here || !source_.has(here + size - 1))) {
      overrun(size);
      return;
    }
    seek(here + size);
  }

  // Goes on reading at `offset`, wherever that is.
  void seek(std::uint64_t offset) {
    if (offset >= window_offset_ && offset - window_offset_ <= window_.size()) {
      position_ = static_cast<std::size_t>(offset - window_offset_);
      return;
    }
    window_ = {};
    window_offset_ = offset;
    position_ = 0;
  }

  // At the end, or after an error.
  bool at_end() { return peek(1).empty(); }
  std::uint64_t offset() const { return window_offset_ + position_; }
  bool ok() const { return !error_; }
  const std::optional<ParseError>& error() const { return error_; }
  ByteSource& source() { return source_; }

  static constexpr std::uint64_t kMaxTake = 4 * 1024 * 1024;

 private:
  bool ensure(std::uint64_t size) {
    if (error_) return false;
    if (size <= window_.size() - position_) return true;
    fill(size);
    if (size <= window_.size() - position_) return true;
    overrun(size);
    return false;
  }

  // Moves the window so that it begins at the cursor and holds `size` bytes.
  void fill(std::uint64_t size) {
    if (size <= window_.size() - position_ || size > kMaxTake) return;
    const std::uint64_t here = offset();
    window_ = {};  // lets the source reuse the buffer
    window_ = source_.view(here, std::max(size, window_size_));
    window_offset_ = here;
    position_ = 0;
  }

  void overrun(std::uint64_t wanted) {
    if (const auto failed = source_.error()) {
      error_ = failed;
    } else if (wanted > kMaxTake && source_.has(offset())) {
      error_ = ParseError{ParseErrc::over_budget, offset(),
                          "a single value of " + std::to_string(wanted) + " bytes is over the " +
                              std::to_string(kMaxTake) + " byte limit"};
    } else {
      const std::uint64_t end = source_.size();
      const std::uint64_t left = end - std::min(end, offset());
      error_ = ParseError{ParseErrc::truncated, offset(),
                          "truncated at byte " + std::to_string(offset()) + ": needs " +
                              std::to_string(wanted) + " bytes, " + std::to_string(left) + " left"};
    }
  }

  ByteSource& source_;
  ByteView window_;
  std::uint64_t window_offset_;
  std::size_t position_ = 0;
  std::uint64_t window_size_;
  std::optional<ParseError> error_;
};

}  // namespace assay
