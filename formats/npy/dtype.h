#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/npy/literal.h"

namespace assay::npy {

// What a dtype's description says of an array's data.
struct Dtype {
  std::uint64_t item_size = 0;  // bytes; of no meaning with objects
  bool has_objects = false;     // then numpy pickles the whole array
};

// A dtype string as numpy writes them: byte order, kind, size ("<f4", "|S10",
// "<M8[ns]"). Nothing for the many other spellings that numpy.dtype() takes.
std::optional<Dtype> parse_dtype_string(std::string_view text);

// The dtype that value `index` describes: a string, a list of fields (name,
// descr[, shape]) where the name may be (title, name), or (descr, shape).
// Nothing when it is none of these or its size overflows.
std::optional<Dtype> describe_dtype(const std::vector<Literal>& values, std::size_t index);

// The product, nothing on overflow; zero as soon as a factor is.
std::optional<std::uint64_t> product(const std::vector<std::uint64_t>& factors);

// A tuple of integers, or one integer.
std::optional<std::vector<std::uint64_t>> read_shape(const std::vector<Literal>& values,
                                                     std::size_t index);

}  // namespace assay::npy
