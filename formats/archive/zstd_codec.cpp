#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <bit>

#include "formats/archive/codec.h"

namespace assay::archive {
namespace {

ParseErrc code_of(std::size_t result) {
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_frameParameter_windowTooLarge:
    case ZSTD_error_memory_allocation:
      return ParseErrc::over_budget;
    case ZSTD_error_dictionary_wrong:
    case ZSTD_error_frameParameter_unsupported:
    case ZSTD_error_version_unsupported:
      return ParseErrc::unsupported;
    default:
      return ParseErrc::malformed;
  }
}

// RFC 8878: one frame; a skippable frame is one that gives nothing.
class ZstdCodec final : public Codec {
 public:
  ZstdCodec() {
    if (!context_) return;
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax,
                           std::bit_width(kMaxDecoderMemory) - 1);
  }

  Step step(Bytes in, std::span<std::byte> out) override {
    if (!context_) return failed({}, ParseErrc::over_budget, "no memory for the decoder");
    ZSTD_inBuffer input{in.data(), std::min(in.size(), wanted_), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &output, &input);
    Step done{.consumed = input.pos, .produced = output.pos, .ended = false, .error = {}};
    if (ZSTD_isError(result)) {
      return failed(done, code_of(result), std::string("zstd: ") + ZSTD_getErrorName(result));
    }
    done.ended = result == 0;
    wanted_ = result;
    return done;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
  // One block at a time, as zstd asks: an error takes all output of its call with it.
  std::size_t wanted_ = 5;
};

}  // namespace

std::unique_ptr<Codec> open_zstd() { return std::make_unique<ZstdCodec>(); }

}  // namespace assay::archive
