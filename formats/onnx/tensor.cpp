#include "formats/onnx/tensor.h"

#include <algorithm>

#include "core/text.h"
#include "formats/onnx/data_type.h"

namespace assay::onnx {
namespace {

constexpr std::uint32_t kDims = 1;
constexpr std::uint32_t kDataType = 2;
constexpr std::uint32_t kRawData = 9;
constexpr std::uint32_t kDataLocation = 14;

}  // namespace

// Enumerators are int32 on the wire: parsers drop the high half.
void TensorCheck::number(const Field& field, std::uint64_t value) {
  if (field.number == kDims) add_dimension(value);
  if (field.number == kDataType) data_type_ = static_cast<std::uint32_t>(value);
  if (field.number == kDataLocation) data_location_ = static_cast<std::uint32_t>(value);
}

void TensorCheck::weights(const Field& field, std::uint64_t numbers) {
  if (field.number == kRawData) counts_[kRawData].reset();  // the last one counts
  count(field.number, numbers);
}

void TensorCheck::count(std::uint32_t field, std::uint64_t numbers) {
  counts_[field] = counts_[field].value_or(0) + numbers;
}

void TensorCheck::external_entry(ExternalEntry entry) {
  if (entries_.size() < kMaxEntries) entries_.push_back(std::move(entry));
}

void TensorCheck::add_dimension(std::uint64_t value) {
  if (rank_++ < kMaxRank) shape_.push_back(value);
  std::uint64_t product = 0;
  const bool negative = value >> 63 != 0;
  if (negative || !element_count_ || __builtin_mul_overflow(*element_count_, value, &product)) {
    element_count_.reset();
  } else {
    element_count_ = product;
  }
}

Tensor TensorCheck::finish(AnomalyTally& tally, std::optional<ExternalEntry>& location) {
  check_location(tally, location);
  const std::uint64_t byte_size = check_inline(tally);
  const DataType* const type = find_data_type(data_type_);
  return {std::move(name_), type ? std::string(type->name) : std::to_string(data_type_),
          std::move(shape_), byte_size};
}

void TensorCheck::check_location(AnomalyTally& tally, std::optional<ExternalEntry>& location) {
  const ExternalData data = check_external(entries_, tally);
  if (data.location) location = *data.location;
  external_length_ = data.length;
  if (is_external() && !data.location) {
    add(tally, "external-without-location", "data_location is EXTERNAL");
  }
  if (!is_external() && !entries_.empty()) {
    add(tally, "hidden-external", "external_data although data_location is DEFAULT");
  }
  const bool has_inline =
      std::ranges::any_of(counts_, [](const auto& numbers) { return numbers.value_or(0) > 0; });
  if (is_external() && has_inline) {
    add(tally, "external-with-inline-data", "data both in the file and outside of it");
  }
  if (entries_.size() >= kMaxEntries) {
    add(tally, "external-key-unknown", "more entries than there are keys");
  }
}

// Returns the size of the data that type and shape ask for.
std::uint64_t TensorCheck::check_inline(AnomalyTally& tally) {
  const DataType* const type = find_data_type(data_type_);
  if (!type) {
    add(tally, "data-type-unknown", "data type " + std::to_string(data_type_));
    return counts_[kRawData].value_or(0);
  }
  const auto bytes = element_count_ ? byte_size_of(*type, *element_count_) : std::nullopt;
  if (!bytes) {
    add(tally, "tensor-size-mismatch", "dimensions that no memory can hold");
    return counts_[kRawData].value_or(0);
  }
  if (!is_external()) {
    check_values(tally, *element_count_, *bytes);
  } else if (external_length_ && type->bits > 0 && *external_length_ != *bytes) {
    add(tally, "external-length-mismatch",
        "length is " + std::to_string(*external_length_) + ", type and shape need " +
            std::to_string(*bytes) + " bytes");
  }
  return *bytes;
}

void TensorCheck::check_values(AnomalyTally& tally, std::uint64_t elements, std::uint64_t bytes) {
  const DataType& type = *find_data_type(data_type_);
  std::uint32_t fields = 0;
  for (std::uint32_t field = 0; field < counts_.size(); ++field) {
    if (counts_[field].value_or(0) == 0) continue;
    const std::uint64_t numbers = *counts_[field];
    ++fields;
    if (field == kRawData && type.bits > 0) {
      if (numbers != bytes) {
        add(tally, "tensor-size-mismatch",
            "raw_data has " + std::to_string(numbers) + " bytes, type and shape need " +
                std::to_string(bytes));
      }
    } else if (field != type.field) {
      add(tally, "tensor-value-field",
          std::string(type.name) + " in field " + std::to_string(field));
    } else if (!is_number_count(type, elements, numbers)) {
      add(tally, "tensor-size-mismatch",
          std::to_string(numbers) + " numbers, the shape has " + std::to_string(elements));
    }
  }
  if (fields > 1) add(tally, "tensor-value-field", "data in more than one field");
  if (fields == 0 && elements > 0) {
    add(tally, "tensor-without-data", std::to_string(elements) + " elements");
  }
}

void TensorCheck::add(AnomalyTally& tally, const char* code, std::string detail) const {
  if (!name_.empty()) detail = "tensor " + escaped(shortened(name_, 64)) + ": " + detail;
  tally.add(at_.offset, at_.size(), std::string("onnx.") + code, std::move(detail));
}

}  // namespace assay::onnx
