#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/anomaly_tally.h"

namespace assay::onnx {

// One key and value of TensorProto.external_data and where it stands. `value` is
// cut at kMaxText; `value_size` is the whole.
struct ExternalEntry {
  std::string key;
  std::string value;
  std::uint64_t value_size = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// What the external data of one tensor says.
struct ExternalData {
  const ExternalEntry* location = nullptr;  // the last; null if there is none
  std::optional<std::uint64_t> length;
};

// Checks the entries by the union of the rules of onnx's checker, its Python
// helper and onnxruntime (CVE-2022-25882, CVE-2024-27318, CVE-2025-51480,
// CVE-2026-34445). The result points into `entries`.
ExternalData check_external(const std::vector<ExternalEntry>& entries, AnomalyTally& tally);

}  // namespace assay::onnx
