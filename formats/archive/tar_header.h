#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace assay::archive::tar_format {

inline constexpr std::uint64_t kBlockSize = 512;

// The fields of one header block that matter here (POSIX.1 ustar; GNU tar's and
// the seventh edition's differ only where said).
struct Header {
  std::string name;  // with the ustar prefix before it
  std::string link;
  char type = '0';
  std::uint32_t mode = 0;
  std::uint64_t size = 0;
  bool bad_number = false;  // mode or size is neither octal nor base-256, or negative
};

// A number in octal digits, or in base 256 when the first bit is set (GNU).
struct Number {
  std::uint64_t value = 0;
  bool ok = true;
};
Number parse_number(Bytes field);

// Whether the checksum of a block is right, summed over unsigned or over signed
// chars as some writers did. Never so for a block of zeros.
bool checksum_fits(Bytes block);

bool has_magic(Bytes block);  // "ustar" at 257, of POSIX or of GNU
bool is_zero(Bytes bytes);

// Reads a block of kBlockSize bytes, whatever its checksum.
Header read_header(Bytes block);

// A NUL-terminated or full field.
std::string text_field(Bytes block, std::size_t offset, std::size_t size);

}  // namespace assay::archive::tar_format
