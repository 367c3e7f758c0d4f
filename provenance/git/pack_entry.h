#pragma once

#include <cstdint>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"

namespace assay::provenance::git {

// What stands before the zlib stream of an entry of a pack (gitformat-pack(5), "Pack
// file entry").
struct PackEntry {
  // "commit", "tree", "blob", "tag"; empty for a delta.
  std::string_view type;
  std::uint64_t size = 0;         // of what the stream expands to
  std::uint64_t header_size = 0;  // where the stream begins
  // Of a delta one of both: how far in front of the entry its base begins, or its id.
  std::uint64_t base_distance = 0;
  Bytes base_id;

  bool is_delta() const { return type.empty(); }
};

// No header is longer.
inline constexpr std::uint64_t kMaxEntryHeader = 64;

// The header at the front of `bytes`. `malformed`: it is cut, of no known kind, or its
// numbers have more bits than a file can.
Parsed<PackEntry> parse_pack_entry(Bytes bytes);

}  // namespace assay::provenance::git
