#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::onnx {

// TensorProto.DataType: its name, the bits of an element and the TensorProto
// field (besides raw_data) that may hold it.
struct DataType {
  std::string_view name;
  std::uint64_t bits = 0;  // 0: strings
  std::uint32_t field = 0;
};

// Null for UNDEFINED and for what the specification does not list.
const DataType* find_data_type(std::uint64_t number);

// Bytes of `element_count` packed elements; none when 64 bits cannot count them.
std::optional<std::uint64_t> byte_size_of(const DataType& type, std::uint64_t element_count);

// How many numbers the typed field holds for them: two for a complex, and for
// elements below a byte either one each or as many as there are bytes.
bool is_number_count(const DataType& type, std::uint64_t element_count, std::uint64_t numbers);

}  // namespace assay::onnx
