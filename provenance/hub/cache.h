#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/git/work_file.h"

// The cache of huggingface_hub: models--ORG--NAME/{blobs,refs,snapshots}. A blob is
// named by the etag the Hub gave for it, which is a digest of its content, so blobs
// can be held against their own names. A snapshot is a folder of links into blobs.
namespace assay::provenance::hub {

// Compares blobs with their names; `path` of each is its name in `blobs`. A name of
// 64 hex digits is the SHA-256 of a large file, of 40 the git blob id of a small one.
// Kind "hub-cache", method "etag". Classes:
//   hub.content   a blob is not what its name says
//   hub.etag      warned: a name that is no digest; the blob is not covered
// A download that was broken off (*.incomplete, *.lock) is left out.
Evidence verify_cache_blobs(const std::vector<git::WorkFile>& blobs);

// One name in snapshots/COMMIT: where its link points, nothing for a plain copy.
struct SnapshotEntry {
  std::string path;  // below the snapshot's folder
  std::optional<std::string> link_target;
};

// The name of the blob that the link of `path` points to: up from its folder to the
// repository's and down into `blobs`, no other way. Nothing for any other target.
std::optional<std::string> blob_of_link(std::string_view path, std::string_view link_target);

// Compares a snapshot with the blobs. Kind "hub-snapshot", method "etag". Classes:
//   hub.link      a link that leaves the repository's blobs
//   hub.missing   the blob of a link is not there
//   hub.content   it is not what its name says
//   hub.copy      warned: a plain file, which no name vouches for
Evidence verify_snapshot(const std::vector<SnapshotEntry>& entries,
                         const std::vector<git::WorkFile>& blobs);

}  // namespace assay::provenance::hub
