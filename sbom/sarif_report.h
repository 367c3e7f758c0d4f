#pragma once

#include <string>

#include "core/scan_result.h"

namespace assay::sbom {

// SARIF shows at most so many results and notifications; a notification says
// how many more there are. It is what GitHub shows of one run.
inline constexpr std::size_t kMaxSarifResults = 5'000;

std::string sarif_report(const ScanResult& result);

}  // namespace assay::sbom
