#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "provenance/git/lfs_pointer.h"
#include "provenance/git/object_id.h"
#include "provenance/sha256.h"

namespace assay::provenance::git {

// A file that is there, as far as it is compared with a tree or a listing. Links
// that the caller followed are files; `link_target` is for those it did not follow,
// empty when it does not tell where they lead.
struct WorkFile {
  std::string path;  // relative, '/' between components
  std::uint64_t size = 0;
  std::string sha256;                 // lower-case hex
  std::string blob_id;                // the content's id as git blob
  std::optional<LfsPointer> pointer;  // when the whole content is one
  std::optional<std::string> link_target;
  bool followed_link = false;  // the content is that of what a link leads to
};

// The file of that content.
inline WorkFile work_file(std::string path, Bytes content) {
  return {.path = std::move(path),
          .size = content.size(),
          .sha256 = sha256_hex(content),
          .blob_id = object_id("blob", content),
          .pointer = parse_lfs_pointer(as_text(content)),
          .link_target = std::nullopt};
}

}  // namespace assay::provenance::git
