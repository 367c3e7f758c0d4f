#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"

namespace assay::provenance::git {

enum class EntryKind : std::uint8_t { file, link, folder, submodule };

struct TreeEntry {
  std::string name;
  EntryKind kind = EntryKind::file;
  std::string id;  // of the blob, tree or (of a submodule) commit, lower-case hex
  bool operator==(const TreeEntry&) const = default;
};

// The entries of a tree object: mode, a blank, name, a NUL, 20 bytes of id. `malformed`:
// not that; a name that leads elsewhere (empty, "." and "..", ".git", with a slash), or
// twice, or out of git's order; a mode that git does not write.
Parsed<std::vector<TreeEntry>> parse_tree(Bytes content);

}  // namespace assay::provenance::git
