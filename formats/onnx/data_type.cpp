#include "formats/onnx/data_type.h"

#include <array>

namespace assay::onnx {
namespace {

constexpr std::uint32_t kFloat = 4;
constexpr std::uint32_t kInt32 = 5;
constexpr std::uint32_t kString = 6;
constexpr std::uint32_t kInt64 = 7;
constexpr std::uint32_t kDouble = 10;
constexpr std::uint32_t kUint64 = 11;

constexpr auto kTypes = std::to_array<DataType>({
    {"UNDEFINED", 0, 0},           {"FLOAT", 32, kFloat},     {"UINT8", 8, kInt32},
    {"INT8", 8, kInt32},           {"UINT16", 16, kInt32},    {"INT16", 16, kInt32},
    {"INT32", 32, kInt32},         {"INT64", 64, kInt64},     {"STRING", 0, kString},
    {"BOOL", 8, kInt32},           {"FLOAT16", 16, kInt32},   {"DOUBLE", 64, kDouble},
    {"UINT32", 32, kUint64},       {"UINT64", 64, kUint64},   {"COMPLEX64", 64, kFloat},
    {"COMPLEX128", 128, kDouble},  {"BFLOAT16", 16, kInt32},  {"FLOAT8E4M3FN", 8, kInt32},
    {"FLOAT8E4M3FNUZ", 8, kInt32}, {"FLOAT8E5M2", 8, kInt32}, {"FLOAT8E5M2FNUZ", 8, kInt32},
    {"UINT4", 4, kInt32},          {"INT4", 4, kInt32},       {"FLOAT4E2M1", 4, kInt32},
    {"FLOAT8E8M0", 8, kInt32},     {"UINT2", 2, kInt32},      {"INT2", 2, kInt32},
});

bool is_complex(const DataType& type) { return type.name.starts_with("COMPLEX"); }

}  // namespace

const DataType* find_data_type(std::uint64_t number) {
  return number == 0 || number >= kTypes.size() ? nullptr : &kTypes[number];
}

std::optional<std::uint64_t> byte_size_of(const DataType& type, std::uint64_t element_count) {
  std::uint64_t bits = 0;
  if (__builtin_mul_overflow(element_count, type.bits, &bits)) return std::nullopt;
  return bits / 8 + (bits % 8 != 0 ? 1 : 0);
}

bool is_number_count(const DataType& type, std::uint64_t element_count, std::uint64_t numbers) {
  if (is_complex(type)) return numbers % 2 == 0 && numbers / 2 == element_count;
  if (numbers == element_count) return true;
  return type.bits > 0 && type.bits < 8 && byte_size_of(type, element_count) == numbers;
}

}  // namespace assay::onnx
