#pragma once

#include <cstdint>

#include "core/byte_source.h"
#include "core/error.h"
#include "core/format.h"

// safetensors: u64 header_size | JSON header | tensor data. The rules are those
// of the reference reader (huggingface/safetensors, safetensors/src/tensor.rs);
// what it takes although another reader would see something else is an anomaly,
// what it refuses is an anomaly and an error.
//
// Facts: a tensor each (at its bytes in the file, or at its name if it has
// none), metadata for every pair of "__metadata__", and anomalies:
//
//   refused by the reference
//     safetensors.header-size        0 or 1 byte, or over kMaxHeaderSize
//     safetensors.invalid-json       not strict JSON: NUL, BOM, NaN, control character ...
//     safetensors.not-an-object      the header is another JSON value
//     safetensors.bad-metadata       "__metadata__" is no object of strings, or stands twice
//     safetensors.bad-entry          a tensor without its three fields, or with one twice
//     safetensors.unknown-dtype      none of the 22 names
//     safetensors.bad-shape          a dimension that is no 64-bit count
//     safetensors.shape-overflow     more elements or bits than 64 bits count
//     safetensors.misaligned-size    sub-byte elements that fill no whole byte
//     safetensors.bad-offsets        not two counts in order
//     safetensors.shape-mismatch     shape and dtype need another size
//     safetensors.hole               bytes between tensors that none owns
//     safetensors.overlap            bytes that two tensors own
//     safetensors.trailing-data      bytes behind the last tensor
//     safetensors.missing-data       a tensor ends behind the file
//   taken by the reference
//     safetensors.duplicate-key      a later tensor or field hides the earlier one
//     safetensors.duplicate-metadata-key
//     safetensors.leading-whitespace, safetensors.trailing-padding (not spaces)
//     safetensors.null-metadata, safetensors.unknown-entry-key
//     safetensors.array-entry, safetensors.map-dtype   spellings only serde takes
//     safetensors.empty-name, safetensors.odd-name (unprintable, path-like, over 256 bytes)
//     safetensors.unaligned-header, safetensors.large-header (over 25 MB)
//     safetensors.many-dimensions    more than kMaxRank, which no framework can build
namespace assay::safetensors {

// What the reference refuses to read beyond; the second is where the Hub's own
// remote reader stops.
inline constexpr std::uint64_t kMaxHeaderSize = 100'000'000;
inline constexpr std::uint64_t kLargeHeaderSize = 25'000'000;
inline constexpr std::uint64_t kMaxRank = 64;

// Where things stand in the file. The header begins at byte 8 and the data right
// behind it, so that 8 + header_size + data_size is the size of the file.
struct Layout {
  std::uint64_t header_size = 0;
  std::uint64_t data_offset = 0;
  std::uint64_t data_size = 0;
};

// Reads the header length and compares it with the file: truncated when the
// file ends before the header does, malformed when the reference would not take
// a header of that size.
Parsed<Layout> parse_layout(ByteSource& file);

extern const Format format;

// Shard maps: "*.safetensors.index.json", "pytorch_model.bin.index.json". Known
// by a JSON object with an object "weight_map". Facts: a reference "shard" for
// each distinct file, metadata "index.total_size", and anomalies:
//   index.unsafe-path    absolute, with "..", a backslash, a drive, a scheme or NUL
//   index.pickle-shard   an index of safetensors names a file that torch.load would read
//   index.duplicate-key, index.bad-entry (a shard that is no string)
extern const Format index_format;

}  // namespace assay::safetensors
