#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/parse_context.h"
#include "formats/zip/end_record.h"
#include "formats/zip/records.h"

namespace assay::zip {

// A member as some central directory lists it.
struct Entry {
  CentralEntry central;
  std::uint64_t at = 0;  // its local header, the directory's shift applied
};

// Everything the end records lead to: the union of all readings, so that no
// loader's choice of record, offset or count hides a member.
struct Archive {
  std::vector<std::vector<std::byte>> directories;  // what the names in `entries` point into
  std::vector<Entry> entries;                       // in the order of the directories
  std::vector<Range> structure;                     // directories and end records
  bool has_directory = false;
  // Why entries may be missing: a directory that breaks off, or is over a limit.
  std::optional<ParseError> incomplete;
};

// Of all directories together.
inline constexpr std::uint64_t kMaxDirectorySize = 64ULL << 20;

// Reads every central directory, and records what is odd about the end records.
Archive read_archive(ParseContext& context);

}  // namespace assay::zip
