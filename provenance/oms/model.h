#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "provenance/oms/digest.h"

// What lies where the signed model should: the verifier's side of the comparison.
namespace assay::provenance::oms {

enum class FileKind : std::uint8_t {
  regular,
  link_inside,   // a symbolic link, or below one, to a file inside the model
  link_to_blob,  // from a snapshot of the Hub's cache into `blobs` of the same repository
  link_outside,  // elsewhere, to nothing, or in a circle
  other,         // neither a file nor a link: a pipe, a socket, a device
};

// One entry that is no folder.
struct ModelFile {
  std::string path;  // relative to the model, '/' between components
  FileKind kind = FileKind::regular;
  std::uint64_t size = 0;  // of the content, behind a link too
  // As asked for by `digests_needed`, in any order; absent: the file was not read.
  std::vector<FileDigests> digests;

  const FileDigests* find(HashPlan plan) const;
};

// A folder with all files in it, or one file alone: then `files` holds it, its path is
// its name, and `single_file` is set.
struct Model {
  std::vector<ModelFile> files;
  bool single_file = false;
};

}  // namespace assay::provenance::oms
