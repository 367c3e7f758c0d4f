#pragma once

#include <chrono>
#include <string_view>

#include "core/bytes.h"

namespace assay::provenance {

// The trusted root of Sigstore's public-good instance, as it was published on this
// day. JSON (protobuf-specs, TrustedRoot).
Bytes public_good_root();
inline constexpr std::string_view kPublicGoodRootDigest =
    "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66";

// The day of the package it was taken from: nothing in it that was withdrawn later is told.
inline constexpr std::chrono::year_month_day kPublicGoodRootDate{
    std::chrono::year{2025}, std::chrono::December, std::chrono::day{20}};

}  // namespace assay::provenance
