#pragma once

#include <string>

#include "sbom/report.h"

namespace assay::sbom {

std::string cyclonedx_report(const ScanResult& result, const RenderOptions& options);

}  // namespace assay::sbom
