#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::sbom {

// SHA-256 (FIPS 180-4) of short text, for identifiers inside reports. Files are
// hashed elsewhere, faster.
std::array<std::uint8_t, 32> sha256(std::string_view text);

// A UUID that is a function of `text`, lower case. Marked as version 5 (RFC 9562
// section 5.5, name-based), the nearest that SARIF's schema allows.
std::string uuid_of(std::string_view text);

// The first 128 bits of sha256(text) in lower-case hex.
std::string short_digest(std::string_view text);

}  // namespace assay::sbom
