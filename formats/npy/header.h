#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/parse_context.h"
#include "formats/npy/dtype.h"

namespace assay::npy {

inline constexpr std::string_view kMagic = "\x93NUMPY";

// Where the header and the data of one array stand.
struct Layout {
  std::uint64_t header_offset = 0;
  std::uint64_t header_size = 0;
  std::uint64_t data_offset = 0;
  int major = 1;
};

// What the header says.
struct Header {
  std::string descr;  // its own text: "<f4", or the list of fields
  Dtype dtype;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t data_size = 0;  // of no meaning with objects
  bool duplicate_key = false;
};

// The array that begins at `offset`. Fails when it is cut short or of another
// version than 1.0, 2.0 and 3.0.
Parsed<Layout> read_layout(ByteSource& source, std::uint64_t offset);

// Reads the dict in `text`. Fails when it is not what numpy writes, or when the
// size of the data overflows.
Parsed<Header> parse_header(std::string_view text, Budget& budget);

}  // namespace assay::npy
