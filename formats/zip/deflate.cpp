#include "formats/zip/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <utility>

namespace assay::zip {
namespace {

std::uint32_t crc_step(std::uint32_t crc, Bytes bytes) {
  if (bytes.empty()) return crc;  // zlib takes a null pointer for a new start
  return static_cast<std::uint32_t>(
      ::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

class DeflateStream final : public ByteStream {
 public:
  DeflateStream(ByteSource& source, std::uint64_t offset, std::uint64_t stored_size,
                Promise promise, std::shared_ptr<Outcome> outcome)
      : source_(source),
        offset_(offset),
        stored_size_(stored_size),
        promise_(promise),
        outcome_(std::move(outcome)) {
    ready_ = ::inflateInit2(&zlib_, -MAX_WBITS) == Z_OK;
  }
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;
  ~DeflateStream() override { ::inflateEnd(&zlib_); }

  std::size_t read(std::span<std::byte> out) override {
    if (!ready_) fail_with(ParseErrc::crashed, "zlib could not start");
    const auto wanted = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30));
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = wanted;
    while (zlib_.avail_out > 0 && !done_ && !error_) step();
    const std::size_t got = wanted - zlib_.avail_out;
    seen_.crc = crc_step(seen_.crc, out.first(got));
    seen_.produced += got;
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
  static constexpr std::uint64_t kInputSize = 64 * 1024;

  void step() {
    if (zlib_.avail_in == 0 && !refill()) return;
    const uInt before = zlib_.avail_in;
    const int status = ::inflate(&zlib_, Z_NO_FLUSH);
    seen_.consumed += before - zlib_.avail_in;
    if (status == Z_STREAM_END) {
      done_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail_with(ParseErrc::malformed, "deflate data is damaged");
    }
  }

  bool refill() {
    input_ = {};
    if (seen_.consumed < stored_size_) {
      input_ = source_.view(offset_ + seen_.consumed,
                            std::min(kInputSize, stored_size_ - seen_.consumed));
    }
    if (input_.empty()) {
      error_ = source_.error();
      if (!error_) fail_with(ParseErrc::truncated, "deflate data ends before its last block");
      return false;
    }
    // zlib does not write through next_in.
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input_.bytes().data()));
    zlib_.avail_in = static_cast<uInt>(input_.size());
    return true;
  }

  void fail_with(ParseErrc code, const char* what) {
    error_ = ParseError{code, seen_.produced,
                        std::string(what) + " at stored byte " + std::to_string(seen_.consumed)};
  }

  ByteSource& source_;
  std::uint64_t offset_;
  std::uint64_t stored_size_;
  Promise promise_;
  std::shared_ptr<Outcome> outcome_;
  ByteView input_;
  z_stream zlib_{};
  Outcome seen_;
  bool ready_ = false;
  bool done_ = false;
  std::optional<ParseError> error_;
};

}  // namespace

std::unique_ptr<ByteStream> open_deflate(ByteSource& source, std::uint64_t offset,
                                         std::uint64_t stored_size, Promise promise,
                                         std::shared_ptr<Outcome> outcome) {
  return std::make_unique<DeflateStream>(source, offset, stored_size, promise, std::move(outcome));
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
