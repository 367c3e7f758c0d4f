#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/bytes.h"
#include "core/error.h"

namespace assay::archive {

// A decoder's window or dictionary is refused above this.
inline constexpr std::uint64_t kMaxDecoderMemory = 128ULL << 20;

// What one call of a decoder did. `error` has no offset: the stream knows it.
struct Step {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  bool ended = false;  // the member is complete
  std::optional<ParseError> error;
};

// The decoder of one member of a compressed stream. One library each, each in
// its own .cpp.
class Codec {
 public:
  Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  virtual ~Codec() = default;

  // Decodes from `in` into `out`. Bytes written before an error count. With an
  // empty `in` it gives what it still holds. No progress means it needs more
  // input than `in` has.
  virtual Step step(Bytes in, std::span<std::byte> out) = 0;

  // After the end: what is wrong with a member that came out whole.
  virtual std::optional<std::string> complaint() const { return std::nullopt; }
};

std::unique_ptr<Codec> open_gzip_payload();  // the DEFLATE data and trailer of a gzip member
std::unique_ptr<Codec> open_deflate();       // RFC 1951, without a header or a trailer
std::unique_ptr<Codec> open_zlib();
std::unique_ptr<Codec> open_bzip2();
std::unique_ptr<Codec> open_xz();
std::unique_ptr<Codec> open_lzma();
std::unique_ptr<Codec> open_zstd();
std::unique_ptr<Codec> open_lz4_frame();
std::unique_ptr<Codec> open_lz4_legacy();

inline Step failed(Step step, ParseErrc code, std::string message) {
  step.error = ParseError{code, 0, std::move(message)};
  return step;
}

}  // namespace assay::archive
