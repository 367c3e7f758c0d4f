#pragma once

#include <cstdint>
#include <memory>

#include "core/stream_source.h"

namespace assay::zip {

// What the decoder has seen so far.
struct Outcome {
  bool finished = false;       // the deflate data came to its own end
  std::uint64_t consumed = 0;  // stored bytes; once finished, up to the end of the last block
  std::uint64_t produced = 0;
  std::uint32_t crc = 0;
};

// What the headers promise of the expanded bytes.
struct Promise {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
};

// A decoder of the raw deflate data (RFC 1951) in [offset, offset + stored_size)
// of `source`, which must outlive it. It fails where the data is damaged or ends
// before its last block; a CRC or a size other than promised is a complaint.
std::unique_ptr<ByteStream> open_deflate(ByteSource& source, std::uint64_t offset,
                                         std::uint64_t stored_size, Promise promise,
                                         std::shared_ptr<Outcome> outcome);

// The CRC-32 of [offset, offset + size), as far as it is there.
std::uint32_t crc32_of(ByteSource& source, std::uint64_t offset, std::uint64_t size);

}  // namespace assay::zip
