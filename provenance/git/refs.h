#pragma once

#include <optional>
#include <string>

#include "core/error.h"
#include "provenance/git/git_files.h"

namespace assay::provenance::git {

struct Head {
  std::string commit;  // id, lower-case hex
  std::string ref;     // "refs/heads/main"; empty when HEAD is detached
};

// What is checked out: HEAD, and where it is symbolic the loose or packed ref it names
// (gitrepository-layout(5)). Nothing while files were only noted. `malformed`: none of
// these; `unsupported`: reftables, ids of SHA-256, a ref that leads to another, a
// repository that is elsewhere (`.git` is a file or has a "commondir": linked work trees
// and submodules, gitrepository-layout(5)). A file in place of `.git` is listed as ".git".
Parsed<std::optional<Head>> read_head(GitFiles& files);

}  // namespace assay::provenance::git
