#include "provenance/git/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace assay::provenance::git {
namespace {

constexpr std::size_t kPart = 64U << 10;

struct Inflater {
  Inflater() { ready = inflateInit(&stream) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  z_stream stream{};
  bool ready = false;
};

}  // namespace

Parsed<std::optional<ByteString>> inflate(Bytes input, std::uint64_t limit, bool whole) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  if (!inflater.ready) return fail(ParseErrc::over_budget, 0, "no memory for zlib");
  if (input.size() > std::numeric_limits<uInt>::max()) input = input.first(1U << 30);
  // zlib's interface predates const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input.data()));
  stream.avail_in = static_cast<uInt>(input.size());
  ByteString out;
  for (;;) {
    // One byte more than allowed tells a stream that goes on from one that ends.
    const std::uint64_t room = limit + (whole ? 1 : 0) - out.size();
    if (room == 0) return out;
    const std::size_t before = out.size();
    out.resize(before + static_cast<std::size_t>(std::min<std::uint64_t>(room, kPart)));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (whole && out.size() > limit) {
      return fail(ParseErrc::malformed, 0, "a zlib stream is longer than it says");
    }
    if (result == Z_STREAM_END) return out;
    if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      return std::optional<ByteString>{};
    }
    if (result != Z_OK) return fail(ParseErrc::malformed, 0, "a zlib stream is broken");
  }
}

}  // namespace assay::provenance::git
