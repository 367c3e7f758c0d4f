#pragma once

#include <cstdint>
#include <string_view>

#include "core/budget.h"
#include "core/byte_source.h"

namespace assay::archive {

inline constexpr std::string_view kSevenzipMagic = "7z\xBC\xAF\x27\x1C";

// What must be known of a 7z archive before a library that trusts its numbers
// may read it (7zFormat.txt).
struct SevenzipSummary {
  std::uint64_t end = 0;             // where the header, and with it the archive, ends
  std::uint64_t decoder_memory = 0;  // the largest dictionary or model any coder asks for
};

// Fails when the archive is cut short, when its header is encrypted or packed in a
// way of which the memory it takes cannot be told.
Parsed<SevenzipSummary> read_sevenzip_summary(ByteSource& source, Budget& budget);

}  // namespace assay::archive
