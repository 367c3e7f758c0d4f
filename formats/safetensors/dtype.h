#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::safetensors {

// Bits of one element of `dtype`, nothing for a name the reference does not know.
std::optional<std::uint64_t> dtype_bits(std::string_view dtype);

}  // namespace assay::safetensors
