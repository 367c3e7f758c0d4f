#include <zlib.h>

#include <array>

#include "core/byte_reader.h"
#include "formats/archive/codec.h"

namespace assay::archive {
namespace {

// zlib's inflate over spans. `window_bits` as inflateInit2 has it.
class Inflater {
 public:
  explicit Inflater(int window_bits) { ready_ = inflateInit2(&stream_, window_bits) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  Step step(Bytes in, std::span<std::byte> out) {
    Step done;
    if (!ready_) return failed(done, ParseErrc::over_budget, "no memory for the decoder");
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib does not write to it
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    done.consumed = in.size() - stream_.avail_in;
    done.produced = out.size() - stream_.avail_out;
    done.ended = result == Z_STREAM_END;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) return done;
    if (result == Z_NEED_DICT) {
      return failed(done, ParseErrc::unsupported, "needs a preset dictionary");
    }
    return failed(done, ParseErrc::malformed,
                  std::string("invalid DEFLATE data: ") + (stream_.msg ? stream_.msg : "?"));
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

// RFC 1950 or RFC 1951, by `window_bits`.
class ZlibCodec final : public Codec {
 public:
  explicit ZlibCodec(int window_bits) : inflater_(window_bits) {}
  Step step(Bytes in, std::span<std::byte> out) override { return inflater_.step(in, out); }

 private:
  Inflater inflater_;
};

// RFC 1952, section 2.2: DEFLATE data, CRC32, ISIZE. The checksum is compared
// here and not by zlib, so that a wrong one does not hide the members behind.
class GzipCodec final : public Codec {
 public:
  Step step(Bytes in, std::span<std::byte> out) override {
    if (in_trailer_) return take_trailer(in);
    Step done = inflater_.step(in, out);
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(out.data()), done.produced);
    size_ += static_cast<std::uint32_t>(done.produced);
    in_trailer_ = done.ended;
    done.ended = false;
    return done;
  }

  std::optional<std::string> complaint() const override {
    ByteReader in{trailer_};
    if (in.le<std::uint32_t>() != crc_) return "the gzip CRC-32 does not match the content";
    if (in.le<std::uint32_t>() != size_) return "the gzip size field does not match the content";
    return std::nullopt;
  }

 private:
  Step take_trailer(Bytes in) {
    Step done;
    while (trailer_size_ < trailer_.size() && done.consumed < in.size()) {
      trailer_[trailer_size_++] = in[done.consumed++];
    }
    done.ended = trailer_size_ == trailer_.size();
    return done;
  }

  Inflater inflater_{-15};
  bool in_trailer_ = false;
  std::array<std::byte, 8> trailer_{};
  std::size_t trailer_size_ = 0;
  unsigned long crc_ = 0;
  std::uint32_t size_ = 0;  // modulo 2^32, as ISIZE is
};

}  // namespace

std::unique_ptr<Codec> open_gzip_payload() { return std::make_unique<GzipCodec>(); }
std::unique_ptr<Codec> open_deflate() { return std::make_unique<ZlibCodec>(-15); }
std::unique_ptr<Codec> open_zlib() { return std::make_unique<ZlibCodec>(15); }

}  // namespace assay::archive
