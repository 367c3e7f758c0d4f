#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"

namespace assay::archive {

enum class RawLzma : std::uint8_t { lzma1, lzma2 };

// The `size` bytes that `packed` holds, raw LZMA as inside 7z. The caller has
// compared `size` and the dictionary in `properties` with limits.
Parsed<std::vector<std::byte>> decode_raw_lzma(RawLzma kind, Bytes properties, Bytes packed,
                                               std::uint64_t size);

}  // namespace assay::archive
