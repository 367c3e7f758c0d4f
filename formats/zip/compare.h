#pragma once

#include <cstdint>
#include <vector>

#include "core/parse_context.h"
#include "formats/zip/directory.h"

namespace assay::zip {

// One way in which a loader could read a member's data.
struct View {
  std::uint16_t method = kStored;
  std::uint64_t stored_size = 0;
  bool operator==(const View&) const = default;
};

// Every reading that the two headers allow, the central entry's first. Loaders
// take a stored member's length from either of its sizes: Python reads the
// stored size, miniz the expanded one.
std::vector<View> views_of(const Fields& central, const Fields* local);

// Records where the local header says something other than the central entry.
// Sizes and CRC may be missing from it when they follow in a data descriptor.
void compare_headers(ParseContext& context, const Entry& entry, const LocalHeader& local);

// The size of the data descriptor at `offset` (APPNOTE 4.3.9), 0 if there is
// none; with or without its magic, with 32 or 64 bit sizes. One that has the
// magic and other values is recorded.
std::uint64_t descriptor_size(ParseContext& context, std::uint64_t offset, const Fields& central);

}  // namespace assay::zip
