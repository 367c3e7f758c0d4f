#pragma once

#include <cstdint>
#include <string>

#include "core/byte_source.h"

namespace assay::archive {

// The header of one gzip member (RFC 1952, section 2.3).
struct GzipHeader {
  std::uint64_t size = 0;  // with everything up to the DEFLATE data
  std::uint8_t flags = 0;
  std::string name;     // FNAME, cut to kMaxText
  std::string comment;  // FCOMMENT, cut to kMaxText

  static constexpr std::uint8_t kReservedFlags = 0xE0;
  static constexpr std::uint64_t kMaxText = 4096;
};

// Reads the header at `offset`. Python's gzip module ignores the reserved flags
// and the header's CRC where zlib refuses the file, so neither is an error here.
// Fails when the source ends inside it or it is longer than 1 MiB.
Parsed<GzipHeader> read_gzip_header(ByteSource& source, std::uint64_t offset);

}  // namespace assay::archive
