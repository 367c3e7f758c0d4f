#include <bzlib.h>

#include "formats/archive/codec.h"

namespace assay::archive {
namespace {

class Bzip2Codec final : public Codec {
 public:
  Bzip2Codec() { ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  ~Bzip2Codec() override { BZ2_bzDecompressEnd(&stream_); }

  Step step(Bytes in, std::span<std::byte> out) override {
    Step done;
    if (!ready_) return failed(done, ParseErrc::over_budget, "no memory for the decoder");
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): bzip2 does not write to it
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::byte*>(in.data()));
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int result = BZ2_bzDecompress(&stream_);
    done.consumed = in.size() - stream_.avail_in;
    done.produced = out.size() - stream_.avail_out;
    done.ended = result == BZ_STREAM_END;
    if (result == BZ_OK || done.ended) return done;
    if (result == BZ_MEM_ERROR) {
      return failed(done, ParseErrc::over_budget, "no memory for the decoder");
    }
    return failed(done, ParseErrc::malformed, "invalid bzip2 data or checksum");
  }

 private:
  bz_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Codec> open_bzip2() { return std::make_unique<Bzip2Codec>(); }

}  // namespace assay::archive
