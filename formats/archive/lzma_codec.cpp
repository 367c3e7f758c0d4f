#include <lzma.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "formats/archive/codec.h"
#include "formats/archive/raw_lzma.h"

namespace assay::archive {
namespace {

Step explained(Step done, lzma_ret result) {
  switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:
      return done;
    case LZMA_STREAM_END:
      done.ended = true;
      return done;
    case LZMA_MEMLIMIT_ERROR:
    case LZMA_MEM_ERROR:
      return failed(done, ParseErrc::over_budget,
                    "the dictionary needs more than " + std::to_string(kMaxDecoderMemory) +
                        " bytes of memory");
    case LZMA_OPTIONS_ERROR:
      return failed(done, ParseErrc::unsupported, "LZMA options or filters nobody supports");
    case LZMA_FORMAT_ERROR:
      return failed(done, ParseErrc::malformed, "not an LZMA header");
    default:
      return failed(done, ParseErrc::malformed, "invalid LZMA data or checksum");
  }
}

class LzmaCodec final : public Codec {
 public:
  enum class Kind { xz, alone };

  explicit LzmaCodec(Kind kind) {
    opened_ = kind == Kind::xz ? lzma_stream_decoder(&stream_, kMaxDecoderMemory, 0)
                               : lzma_alone_decoder(&stream_, kMaxDecoderMemory);
  }
  ~LzmaCodec() override { lzma_end(&stream_); }

  Step step(Bytes in, std::span<std::byte> out) override {
    if (opened_ != LZMA_OK) return explained({}, opened_);
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream_.avail_out = out.size();
    const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
    return explained({.consumed = in.size() - stream_.avail_in,
                      .produced = out.size() - stream_.avail_out,
                      .ended = false,
                      .error = {}},
                     result);
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret opened_ = LZMA_PROG_ERROR;
};

// liblzma's raw decoder knows no size, so an .lzma file's header is put before
// the data: properties, then the size or all ones.
class RawLzmaCodec final : public Codec {
 public:
  RawLzmaCodec(Bytes properties, std::optional<std::uint64_t> size) {
    const std::uint64_t told = size.value_or(~std::uint64_t{0});
    std::array<std::byte, kLzmaPropertiesSize + 8> header{};
    std::ranges::copy(properties.first(kLzmaPropertiesSize), header.begin());
    for (std::size_t i = 0; i < 8; ++i) {
      header[kLzmaPropertiesSize + i] = static_cast<std::byte>(told >> (8 * i));
    }
    std::array<std::byte, 1> nothing{};  // comes of a header
    error_ = decoder_.step(header, nothing).error;
  }

  Step step(Bytes in, std::span<std::byte> out) override {
    if (error_) return {.consumed = 0, .produced = 0, .ended = false, .error = error_};
    return decoder_.step(in, out);
  }

 private:
  LzmaCodec decoder_{LzmaCodec::Kind::alone};
  std::optional<ParseError> error_;
};

}  // namespace

std::unique_ptr<Codec> open_xz() { return std::make_unique<LzmaCodec>(LzmaCodec::Kind::xz); }
std::unique_ptr<Codec> open_lzma() { return std::make_unique<LzmaCodec>(LzmaCodec::Kind::alone); }
std::unique_ptr<Codec> open_raw_lzma(Bytes properties, std::optional<std::uint64_t> size) {
  return std::make_unique<RawLzmaCodec>(properties, size);
}

Parsed<std::vector<std::byte>> decode_raw_lzma(RawLzma kind, Bytes properties, Bytes packed,
                                               std::uint64_t size) {
  std::array<lzma_filter, 2> filters{};
  filters[0].id = kind == RawLzma::lzma1 ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
  filters[1].id = LZMA_VLI_UNKNOWN;
  const auto* raw = reinterpret_cast<const std::uint8_t*>(properties.data());
  if (lzma_properties_decode(filters.data(), nullptr, raw, properties.size()) != LZMA_OK) {
    return fail(ParseErrc::malformed, 0, "invalid LZMA properties");
  }
  lzma_stream stream = LZMA_STREAM_INIT;
  std::vector<std::byte> out(static_cast<std::size_t>(size));
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = out.size();
  lzma_ret result = lzma_raw_decoder(&stream, filters.data());
  while (result == LZMA_OK && stream.avail_out > 0) result = lzma_code(&stream, LZMA_RUN);
  const bool whole = stream.avail_out == 0;
  lzma_end(&stream);
  std::free(filters[0].options);  // NOLINT(cppcoreguidelines-no-malloc): liblzma's
  if (!whole) return fail(ParseErrc::malformed, 0, "invalid LZMA data");
  return out;
}

}  // namespace assay::archive
