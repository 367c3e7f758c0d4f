#pragma once

#include <cstdint>
#include <string>

namespace assay::sbom {

// "2026-01-31T23:59:59Z" for seconds since 1970; empty outside the years 0 to 9999.
std::string utc_time(std::int64_t seconds);

}  // namespace assay::sbom
