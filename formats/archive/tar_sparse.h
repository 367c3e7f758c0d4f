#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/stream_source.h"
#include "formats/archive/pax.h"
#include "formats/archive/tar_header.h"

namespace assay::archive::tar_format {

// A sparse file: where its stored bytes begin in the archive, how many there are,
// which part of the file each is, and how big the file is.
struct SparseFile {
  std::uint64_t data_offset = 0;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  std::vector<Extent> map;
};

// The map of an old GNU header (type 'S') at `offset`, with the blocks that continue
// it. `map_size` is how many bytes of such blocks stand before the data.
struct GnuSparse {
  std::vector<Extent> map;
  std::uint64_t size = 0;
  std::uint64_t map_size = 0;
};
std::optional<GnuSparse> read_gnu_sparse(ByteSource& source, std::uint64_t offset);

// The map of GNU.sparse 1.0: decimal numbers, one a line, at the front of the
// entry's own data. `map_size` counts whole blocks.
std::optional<GnuSparse> read_sparse_1_0(ByteSource& source, std::uint64_t offset,
                                         std::uint64_t data_size);

// Whether the map's extents rise, do not overlap, end within the file, and
// together take just the stored bytes.
bool is_consistent(const SparseFile& file);

// The expanded file, front to back; holes are zeros.
std::unique_ptr<ByteStream> open_sparse(ByteSource& archive, SparseFile file);

}  // namespace assay::archive::tar_format
