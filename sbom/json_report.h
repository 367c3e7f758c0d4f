#pragma once

#include <string>
#include <string_view>

#include "core/scan_result.h"

namespace assay::sbom {

inline constexpr std::string_view kSchemaVersion = "1.0";
// Excerpts of code and of matched bytes are cut to this many bytes of UTF-8.
inline constexpr std::size_t kMaxExcerpt = 256;

std::string json_report(const ScanResult& result);
std::string jsonl_report(const ScanResult& result);

}  // namespace assay::sbom
