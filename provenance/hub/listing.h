#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/evidence.h"
#include "provenance/git/work_file.h"

// What huggingface_hub keeps of the Hub's answer beside a download, in
// `trees/COMMIT.json`: which files a commit has. It is integrity against what the
// downloader recorded, no authenticity: nobody signs it.
namespace assay::provenance::hub {

struct ListedFile {
  std::string path;
  std::uint64_t size = 0;
  std::string blob_id;                   // git blob id: of the content, or of its pointer
  std::optional<git::LfsPointer> large;  // "lfs_sha256", "lfs_size"
};

struct Listing {
  std::vector<ListedFile> files;  // ordered by path
};

// Format version 1. `unsupported`: another version; `malformed`: no such listing.
Parsed<Listing> parse_listing(Bytes json);

// Compares the files that are there with a listing. Kind "hub-listing", method
// "listing". Classes:
//   hub.listing.parse          no listing
//   hub.format-version         a version that is not known: cannot be told
//   hub.listing.contradiction  a large file's blob id is not that of its pointer, two
//                              sizes of one file, a path that leaves the repository
//   hub.size, hub.content      a file differs
//   hub.extra, hub.missing     the sets differ
//   hub.pointer                a pointer lies where the content should: weights are absent
// What the downloader itself keeps (.cache/huggingface, .git, .gitattributes) is never extra.
Evidence verify_listing(Bytes json, const std::vector<git::WorkFile>& files);

// Whether `path` is one that the downloader keeps for itself.
bool is_downloaders_own(std::string_view path);

}  // namespace assay::provenance::hub
