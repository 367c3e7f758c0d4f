#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "formats/archive/codec.h"

namespace assay::archive {

enum class RawLzma : std::uint8_t { lzma1, lzma2 };

// The `size` bytes that `packed` holds, raw LZMA as inside 7z. The caller has
// compared `size` and the dictionary in `properties` with limits.
Parsed<std::vector<std::byte>> decode_raw_lzma(RawLzma kind, Bytes properties, Bytes packed,
                                               std::uint64_t size);

inline constexpr std::size_t kLzmaPropertiesSize = 5;

// A decoder of raw LZMA1 as inside a zip: it ends at `size` bytes, with an end
// marker or without, or where no size is given at the end marker. `properties`
// has kLzmaPropertiesSize bytes.
std::unique_ptr<Codec> open_raw_lzma(Bytes properties, std::optional<std::uint64_t> size);

}  // namespace assay::archive
