#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/stream_source.h"
#include "formats/archive/codec.h"

namespace assay::archive {

// What tells one compressed format from another.
struct Compression {
  std::string_view name;
  // Whether a member begins with these bytes (at least kHeadSize unless the source ends).
  bool (*starts)(Bytes head);
  // The decoder for the member that begins so.
  std::unique_ptr<Codec> (*open)(Bytes head);
  // Where the member's compressed data begin; null: the decoder reads the header too.
  Parsed<std::uint64_t> (*payload)(ByteSource& source, std::uint64_t offset) = nullptr;

  static constexpr std::size_t kHeadSize = 32;
};

// Where the last member ended, once a decoder came there in good order.
struct StreamEnd {
  std::optional<std::uint64_t> offset;
};

// The content of a compressed stream: all its members, one after the other, with
// zero padding between them, as the command line tools and Python's modules read
// them. A member after the first that gives nothing is not one: the stream ends before it.
class CodecStream final : public ByteStream {
 public:
  CodecStream(ByteSource& source, const Compression& kind, Budget& budget,
              std::shared_ptr<StreamEnd> end)
      : source_(source), kind_(kind), budget_(budget), end_(std::move(end)) {}

  std::size_t read(std::span<std::byte> out) override;
  // As those of complaints(), its offset is in the content: it is the decoder's affair
  // how much of the stored bytes it takes before it fails.
  std::optional<ParseError> error() const override { return error_; }
  std::vector<ParseError> complaints() override { return complaints_; }

 private:
  bool begin_member();
  std::size_t step(std::span<std::byte> out);
  void refill();
  void member_ended();
  void stop(ParseError error);
  void finish(std::uint64_t offset);

  ByteSource& source_;
  const Compression& kind_;
  Budget& budget_;
  std::shared_ptr<StreamEnd> end_;
  std::unique_ptr<Codec> codec_;
  ByteView input_;
  std::size_t position_ = 0;  // in input_
  std::uint64_t offset_ = 0;  // in the source, of the next byte for the decoder
  bool starving_ = false;     // the decoder wants more than input_ holds
  std::uint64_t produced_ = 0;
  std::uint64_t member_offset_ = 0;
  std::uint64_t member_count_ = 0;
  bool member_gave_ = false;
  bool done_ = false;
  std::optional<ParseError> error_;
  std::vector<ParseError> complaints_;
};

// The offset of the first byte from `offset` on that is not zero, if there is one.
std::optional<std::uint64_t> first_nonzero(ByteSource& source, std::uint64_t offset);

}  // namespace assay::archive
