#include "formats/zip/expand.h"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/byte_reader.h"
#include "formats/archive/codec.h"
#include "formats/archive/raw_lzma.h"
#include "formats/zip/records.h"

namespace assay::zip {
namespace {

constexpr std::uint64_t kMinInput = 64;  // no decoder wants more in one piece
constexpr std::uint64_t kMaxInput = 64 * 1024;

std::uint32_t crc_step(std::uint32_t crc, Bytes bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer for a new start
  return static_cast<std::uint32_t>(
      ::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// The decoders that need no header of zip's own.
std::unique_ptr<archive::Codec> open_codec(std::uint16_t method) {
  switch (method) {
    case kBzip2:
      return archive::open_bzip2();
    case kOldZstd:
    case kZstd:
      return archive::open_zstd();
    case kXz:
      return archive::open_xz();
    default:
      return archive::open_deflate();
  }
}

class Expander final : public ByteStream {
 public:
  Expander(ByteSource& source, Packed packed, Promise promise, std::shared_ptr<Outcome> outcome)
      : source_(source), packed_(packed), promise_(promise), outcome_(std::move(outcome)) {
    if (packed_.method == kLzma) {
      open_lzma();
    } else {
      codec_ = open_codec(packed_.method);
    }
  }

  std::size_t read(std::span<std::byte> out) override {
    std::size_t got = 0;
    while (got < out.size() && !done_ && !error_) got += step(out.subspan(got));
    seen_.crc = crc_step(seen_.crc, out.first(got));
    seen_.finished = done_;
    // After a new start, what the first run found still holds.
    if (done_ || !outcome_->finished) *outcome_ = seen_;
    return got;
  }

  std::optional<ParseError> error() const override { return error_; }

  std::vector<ParseError> complaints() override {
    std::vector<ParseError> found;
    if (!seen_.finished) return found;
    if (seen_.crc != promise_.crc) {
      found.push_back({ParseErrc::malformed, seen_.produced, "the CRC-32 is not the declared one"});
    }
    if (seen_.produced != promise_.size) {
      found.push_back({ParseErrc::malformed, seen_.produced,
                       "expands to " + std::to_string(seen_.produced) + " bytes, declared were " +
                           std::to_string(promise_.size)});
    }
    return found;
  }

 private:
  // APPNOTE 5.8.8: the encoder's version and the size of the properties, then these.
  void open_lzma() {
    constexpr std::uint64_t kHeaderSize = 4 + archive::kLzmaPropertiesSize;
    const ByteView head = source_.view(packed_.offset, std::min(packed_.size, kHeaderSize));
    ByteReader in{head};
    in.skip(2);
    const auto properties_size = in.le<std::uint16_t>();
    if (in.ok() && properties_size != archive::kLzmaPropertiesSize) {
      return fail_with(ParseErrc::malformed, "LZMA properties of a wrong size");
    }
    const Bytes properties = in.take(archive::kLzmaPropertiesSize);
    if (!in.ok()) return ended_early();
    const auto size =
        promise_.has_end_marker ? std::nullopt : std::optional<std::uint64_t>{promise_.size};
    codec_ = archive::open_raw_lzma(properties, size);
    seen_.consumed = kHeaderSize;
  }

  // A decoder that takes nothing of what it is given asks for more at once; one
  // that is given nothing has shown all it still held.
  std::size_t step(std::span<std::byte> out) {
    if (position_ == input_.size() || starving_) refill();
    const archive::Step did = codec_->step(input_.bytes().subspan(position_), out);
    position_ += did.consumed;
    seen_.consumed += did.consumed;
    seen_.produced += did.produced;
    done_ = did.ended && !did.error;
    if (did.error) {
      fail_with(did.error->code, did.error->message);
    } else if (!done_ && did.consumed == 0 && did.produced == 0) {
      if (starving_ || input_.empty()) ended_early();
      starving_ = true;
      return 0;
    }
    starving_ = false;
    return did.produced;
  }

  void refill() {
    input_ = {};
    position_ = 0;
    const std::uint64_t left = packed_.size - std::min(packed_.size, seen_.consumed);
    if (left > 0) {
      const std::uint64_t size = std::clamp(source_.window_size(), kMinInput, kMaxInput);
      input_ = source_.view(packed_.offset + seen_.consumed, std::min(size, left));
    }
  }

  void ended_early() {
    error_ = source_.error();
    if (!error_) {
      fail_with(ParseErrc::truncated, method_name(packed_.method) + " data ends before its end");
    }
  }

  void fail_with(ParseErrc code, const std::string& what) {
    error_ = ParseError{code, seen_.produced,
                        what + " at stored byte " + std::to_string(seen_.consumed)};
  }

  ByteSource& source_;
  Packed packed_;
  Promise promise_;
  std::shared_ptr<Outcome> outcome_;
  std::unique_ptr<archive::Codec> codec_;
  ByteView input_;
  std::size_t position_ = 0;  // in input_
  bool starving_ = false;     // the decoder wants more than input_ holds
  Outcome seen_;
  bool done_ = false;
  std::optional<ParseError> error_;
};

}  // namespace

bool is_expandable(std::uint16_t method) {
  return method == kDeflate || method == kBzip2 || method == kLzma || method == kOldZstd ||
         method == kZstd || method == kXz;
}

std::unique_ptr<ByteStream> open_expander(ByteSource& source, Packed packed, Promise promise,
                                          std::shared_ptr<Outcome> outcome) {
  return std::make_unique<Expander>(source, packed, promise, std::move(outcome));
}

std::uint32_t crc32_of(ByteSource& source, std::uint64_t offset, std::uint64_t size) {
  std::uint32_t crc = 0;
  for_each_block(source, offset, size, [&](Bytes block, std::uint64_t) {
    crc = crc_step(crc, block);
    return true;
  });
  return crc;
}

}  // namespace assay::zip
