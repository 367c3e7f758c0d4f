#include "formats/safetensors/dtype.h"

#include <algorithm>
#include <array>

namespace assay::safetensors {
namespace {

struct Dtype {
  std::string_view name;
  std::uint64_t bits;
};

constexpr std::array<Dtype, 22> kDtypes{{
    {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8},    {"U8", 8},
    {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
    {"I64", 64},        {"U64", 64},
}};

}  // namespace

std::optional<std::uint64_t> dtype_bits(std::string_view dtype) {
  const auto found = std::ranges::find(kDtypes, dtype, &Dtype::name);
  if (found == kDtypes.end()) return std::nullopt;
  return found->bits;
}

}  // namespace assay::safetensors
