#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/byte_source.h"

namespace assay::archive::cpio_format {

// One entry's header: of "newc" and "crc" (070701, 070702), "odc" (070707), or
// the old binary format in either byte order (cpio(5)).
struct Header {
  std::string name;
  std::uint32_t mode = 0;
  std::uint64_t data_offset = 0;
  std::uint64_t data_size = 0;
  std::uint64_t end = 0;  // of the padded data: where the next header stands
};

inline constexpr const char* kTrailer = "TRAILER!!!";

// Whether one of the magics stands at the front; the binary one is only 16 bits.
bool has_text_magic(Bytes head);
bool has_binary_magic(Bytes head);

// The header at `offset`. Nothing there, or digits that are none: malformed. The
// data may run past the end; the name may not, nor be longer than 1 MiB.
Parsed<Header> read_header(ByteSource& source, std::uint64_t offset);

}  // namespace assay::archive::cpio_format
