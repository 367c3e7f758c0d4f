#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::archive::tar_format {

// A stretch of a sparse file that is stored; what lies between is zeros.
struct Extent {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t size = 0;
  bool operator==(const Extent&) const = default;
};

// What the PAX extended headers (POSIX.1-2001, "pax Header Block") say about an
// entry, as far as it changes which bytes a reader sees under which name.
struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::string> linkpath;
  std::optional<std::uint64_t> size;
  // GNU.sparse.*, of GNU tar's formats 0.0, 0.1 and 1.0.
  std::optional<std::string> sparse_name;
  std::optional<std::uint64_t> sparse_size;
  std::uint64_t sparse_major = 0;
  std::vector<Extent> sparse_map;
  bool sparse = false;
  // A record is not "length key=value\n", a number is none, or a key that
  // names or measures the entry came twice with different values.
  bool malformed = false;
  bool contradictory = false;
};

// Adds the records in `body` to `records`; later ones win.
void parse_pax(Bytes body, PaxRecords& records);

// "offset,size,offset,size...", as in GNU.sparse.map. False if it is not that.
bool parse_sparse_list(std::string_view text, std::vector<Extent>& map);

// Decimal digits and nothing else.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace assay::archive::tar_format
