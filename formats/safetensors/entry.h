#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/json.h"

namespace assay::safetensors {

// One thing odd or wrong about a stretch of the header.
struct Remark {
  std::string code;
  std::string detail;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool refused = false;  // by the reference, too
};

// One tensor as the header describes it: {"dtype": .., "shape": [..],
// "data_offsets": [begin, end]}. `begin` and `end` count from the data.
struct Entry {
  std::string dtype;
  std::vector<std::uint64_t> shape;  // the first kMaxRank dimensions
  std::uint64_t rank = 0;
  std::optional<std::uint64_t> element_count;  // none when 64 bits cannot count them
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool complete = false;  // all fields are there and have their form
  std::vector<Remark> remarks;
};

// Reads the value of a tensor's key from `reader`, all of it whatever it is.
Entry read_entry(json::Reader& reader, const json::Token& name);

// Whether dtype, shape and size of a complete entry agree.
void check_size(Entry& entry, const json::Token& name);

}  // namespace assay::safetensors
