#pragma once

#include <cstdint>
#include <memory>

#include "core/stream_source.h"

namespace assay::zip {

// What the decoder has seen so far.
struct Outcome {
  bool finished = false;       // the data came to its own end
  std::uint64_t consumed = 0;  // stored bytes; once finished, up to that end
  std::uint64_t produced = 0;
  std::uint32_t crc = 0;
};

// What the headers promise of the expanded bytes.
struct Promise {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  bool has_end_marker = false;  // LZMA data tells its end itself: `size` is not asked
};

// The stored bytes of a member, and how they are packed (APPNOTE 4.4.5).
struct Packed {
  std::uint16_t method = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Whether `method` packs, and open_expander() unpacks it: deflate, bzip2, LZMA,
// zstd and xz.
bool is_expandable(std::uint16_t method);

// A decoder of what `packed` says of `source`, which must outlive it. It fails
// where the data is damaged or ends before its own end; a CRC or a size other
// than promised is a complaint.
std::unique_ptr<ByteStream> open_expander(ByteSource& source, Packed packed, Promise promise,
                                          std::shared_ptr<Outcome> outcome);

// The CRC-32 of [offset, offset + size), as far as it is there.
std::uint32_t crc32_of(ByteSource& source, std::uint64_t offset, std::uint64_t size);

}  // namespace assay::zip
