#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/anomaly_tally.h"
#include "core/fact.h"
#include "formats/onnx/external.h"
#include "formats/onnx/wire.h"

namespace assay::onnx {

// Gathers one TensorProto field by field and then says whether type, shape and
// data agree.
class TensorCheck {
 public:
  static constexpr std::size_t kMaxRank = 64;     // dimensions kept for the fact
  static constexpr std::size_t kMaxEntries = 64;  // of external_data; more is an anomaly

  explicit TensorCheck(const Field& at) : at_(at) {}

  void name(std::string_view text) { name_ = text; }
  void number(const Field& field, std::uint64_t value);
  void weights(const Field& field, std::uint64_t count);
  void string_data() { count(6, 1); }
  void external_entry(ExternalEntry entry);

  // Reports what is odd; `location` receives the external file, if any.
  Tensor finish(AnomalyTally& tally, std::optional<ExternalEntry>& location);

  const Field& at() const { return at_; }

 private:
  void count(std::uint32_t field, std::uint64_t numbers);
  void add_dimension(std::uint64_t value);
  std::uint64_t check_inline(AnomalyTally& tally);
  void check_values(AnomalyTally& tally, std::uint64_t elements, std::uint64_t bytes);
  void check_location(AnomalyTally& tally, std::optional<ExternalEntry>& location);
  void add(AnomalyTally& tally, const char* code, std::string detail) const;
  bool is_external() const { return data_location_ == 1; }

  Field at_;
  std::string name_;
  std::vector<std::uint64_t> shape_;
  std::uint64_t rank_ = 0;
  std::optional<std::uint64_t> element_count_ = 1;  // none: negative or over 64 bits
  std::uint32_t data_type_ = 0;
  std::uint32_t data_location_ = 0;
  std::array<std::optional<std::uint64_t>, 12> counts_;  // by field number
  std::vector<ExternalEntry> entries_;
  std::optional<std::uint64_t> external_length_;
};

}  // namespace assay::onnx
