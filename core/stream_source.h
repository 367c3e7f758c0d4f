#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/budget.h"
#include "core/byte_source.h"

namespace assay {

// A decoder's output, front to back, once.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  // Fills the front of `out` and returns how many bytes it wrote; fewer than
  // asked only at the end or on an error, 0 from then on.
  virtual std::size_t read(std::span<std::byte> out) = 0;

  // Sticky: why the stream ended before its end.
  virtual std::optional<ParseError> error() const { return std::nullopt; }

  // At the end: what the decoder found wrong with what it had already given out
  // (a checksum that does not match).
  virtual std::vector<ParseError> complaints() { return {}; }
};

// Random access over a stream in constant memory. What came out last is kept in
// a window; reading behind the window starts the decoder anew. Every byte that
// comes out of a decoder is paid from the budget, the second time too, and the
// ratio of expanded to stored bytes is watched. Small members fit the window
// whole and are decoded once.
class StreamSource final : public ByteSource {
 public:
  using Open = std::function<std::unique_ptr<ByteStream>()>;

  // `stored_size` is what the stream is made from, for the ratio limit.
  StreamSource(Open open, std::uint64_t stored_size, Budget& budget);

  std::uint64_t size() override;
  bool has(std::uint64_t offset) override;
  ByteView view(std::uint64_t offset, std::uint64_t size) override;
  std::optional<ParseError> error() const override { return error_; }
  std::vector<ParseError> complaints() override;

  static constexpr std::size_t kBlockSize = 256 * 1024;
  static constexpr std::size_t kWindowBlocks = 32;  // 8 MiB

 private:
  struct Block {
    std::uint64_t offset = 0;
    std::shared_ptr<std::vector<std::byte>> bytes;
  };

  void restart();
  bool decode_block();                  // the next block; false at the end
  bool decode_to(std::uint64_t end);    // until `end` is decoded; false if it ends before
  bool charge(std::uint64_t size);
  bool halt(ParseError error);

  Open open_;
  std::uint64_t stored_size_;
  Budget& budget_;
  std::unique_ptr<ByteStream> stream_;
  std::deque<Block> window_;
  std::uint64_t decoded_ = 0;  // where the running decoder stands
  std::uint64_t furthest_ = 0;
  std::optional<std::uint64_t> size_;
  std::optional<ParseError> error_;
  bool halted_ = false;
  std::vector<ParseError> complaints_;
};

}  // namespace assay
