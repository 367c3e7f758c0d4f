#include <lz4.h>
#include <lz4frame.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/byte_reader.h"
#include "formats/archive/codec.h"

namespace assay::archive {
namespace {

class Lz4FrameCodec final : public Codec {
 public:
  Lz4FrameCodec() { opened_ = LZ4F_createDecompressionContext(&context_, LZ4F_VERSION); }
  ~Lz4FrameCodec() override { LZ4F_freeDecompressionContext(context_); }

  Step step(Bytes in, std::span<std::byte> out) override {
    if (LZ4F_isError(opened_)) {
      return failed({}, ParseErrc::over_budget, "no memory for the decoder");
    }
    std::size_t consumed = std::min(in.size(), wanted_);
    std::size_t produced = out.size();
    const std::size_t result =
        LZ4F_decompress(context_, out.data(), &produced, in.data(), &consumed, nullptr);
    if (LZ4F_isError(result)) {
      return failed({}, ParseErrc::malformed, std::string("lz4: ") + LZ4F_getErrorName(result));
    }
    wanted_ = result;
    return {.consumed = consumed, .produced = produced, .ended = result == 0, .error = {}};
  }

 private:
  LZ4F_dctx* context_ = nullptr;
  // One block at a time, as lz4 asks: an error takes all output of its call with it.
  std::size_t wanted_ = 7;
  LZ4F_errorCode_t opened_ = 0;
};

// "Legacy frame" of the LZ4 frame format: the magic, then blocks of a 32-bit
// size and that many bytes, each expanding to at most 8 MiB. Nothing marks the
// end: it is where the input ends or a size makes no sense.
class Lz4LegacyCodec final : public Codec {
 public:
  Step step(Bytes in, std::span<std::byte> out) override {
    Step done;
    if (given_ == block_.size()) {
      done = wanted_ == 0 ? begin_block(in) : collect(in);
      if (done.error || done.ended || given_ == block_.size()) return done;
    }
    done.produced = std::min(out.size(), block_.size() - given_);
    std::memcpy(out.data(), block_.data() + given_, done.produced);
    given_ += done.produced;
    return done;
  }

 private:
  static constexpr std::size_t kBlockSize = 8 << 20;

  Step begin_block(Bytes in) {
    Step done;
    const std::size_t header_size = magic_read_ ? 4 : 8;
    if (in.size() < header_size) {
      done.ended = in.empty() && magic_read_;
      return done;
    }
    ByteReader reader{in};
    if (!magic_read_) reader.skip(4);
    const auto size = reader.le<std::uint32_t>();
    if (size == 0 || size > LZ4_COMPRESSBOUND(kBlockSize)) {
      done.consumed = header_size - 4;
      done.ended = true;
      return done;
    }
    magic_read_ = true;
    wanted_ = size;
    done.consumed = header_size;
    return done;
  }

  Step collect(Bytes in) {
    Step done;
    done.consumed = std::min<std::size_t>(in.size(), wanted_ - stored_.size());
    const Bytes part = in.first(done.consumed);
    stored_.insert(stored_.end(), part.begin(), part.end());
    if (stored_.size() == wanted_ && !expand()) {
      return failed(done, ParseErrc::malformed, "invalid lz4 block");
    }
    return done;
  }

  bool expand() {
    block_.resize(kBlockSize);
    const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(stored_.data()),
                                         reinterpret_cast<char*>(block_.data()),
                                         static_cast<int>(stored_.size()), kBlockSize);
    block_.resize(static_cast<std::size_t>(std::max(size, 0)));
    given_ = 0;
    stored_.clear();
    wanted_ = 0;
    return size >= 0;
  }

  bool magic_read_ = false;
  std::uint32_t wanted_ = 0;       // stored size of the block being collected
  std::vector<std::byte> stored_;  // grows with what is there, not with what is declared
  std::vector<std::byte> block_;
  std::size_t given_ = 0;
};

}  // namespace

std::unique_ptr<Codec> open_lz4_frame() { return std::make_unique<Lz4FrameCodec>(); }
std::unique_ptr<Codec> open_lz4_legacy() { return std::make_unique<Lz4LegacyCodec>(); }

}  // namespace assay::archive
