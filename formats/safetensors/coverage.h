#pragma once

#include <cstdint>
#include <vector>

#include "formats/safetensors/entry.h"

namespace assay::safetensors {

// The bytes [begin, end) of the data that one tensor owns, and where its name
// stands in the file.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t name_offset = 0;
};

// What keeps `ranges` from being a partition of the data: holes, overlaps,
// trailing and missing data. Holes and trailing data are located in the file,
// the others at the tensor's name. Sorts `ranges`.
std::vector<Remark> check_coverage(std::vector<Range>& ranges, std::uint64_t data_offset,
                                   std::uint64_t data_size);

}  // namespace assay::safetensors
