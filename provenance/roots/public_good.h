#pragma once

#include <string_view>

#include "core/bytes.h"

namespace assay::provenance {

// The trusted root of Sigstore's public-good instance, as it was published on this
// day. JSON (protobuf-specs, TrustedRoot).
Bytes public_good_root();
inline constexpr std::string_view kPublicGoodRootDigest =
    "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66";

}  // namespace assay::provenance
