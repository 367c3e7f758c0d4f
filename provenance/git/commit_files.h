#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "provenance/evidence.h"
#include "provenance/git/lfs_pointer.h"
#include "provenance/git/object_store.h"
#include "provenance/git/tree.h"

namespace assay::provenance::git {

// What a commit says of one file.
struct CommitFile {
  EntryKind kind = EntryKind::file;
  std::string id;
  std::optional<LfsPointer> pointer;  // when the blob is one
  bool is_known = true;               // whether it is one could be told
};

// Files of a commit; no more are read.
inline constexpr std::size_t kMaxCommitFiles = 1'000'000;

// All files below `tree` by their path, with what their blobs point to. Nothing while
// objects must be read first, or when `checks` got a reason: git.object, git.tree,
// git.object.missing (unknown), git.budget (unknown), git.unsupported (unknown).
std::optional<std::map<std::string, CommitFile>> files_of_commit(ObjectStore& store,
                                                                 const std::string& tree,
                                                                 Checks& checks);

}  // namespace assay::provenance::git
