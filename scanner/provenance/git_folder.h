#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "provenance/git/git_files.h"
#include "scanner/source_files.h"

namespace assay {

// The files below a `.git` folder that its commits and refs are in, for a worker that
// asks for parts of them. Nothing is parsed here.
class GitFolder {
 public:
  // `git` is the folder as a source lists it. A file in its place, as linked work trees
  // and submodules have it, is listed as ".git" and alone.
  explicit GitFolder(const SourceFile& git);

  const std::vector<provenance::git::StoreFile>& files() const { return files_; }

  // The bytes of a need, which is untrusted. `malformed`: of no such file, or beyond its
  // end; `over_budget`: more than kMaxBytes were read; `unreadable`.
  Parsed<provenance::git::StorePart> read(const provenance::git::StoreNeed& need);

  // Of all parts together.
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;

 private:
  SourceListing listing_;
  std::vector<provenance::git::StoreFile> files_;
  std::map<std::string, const SourceFile*, std::less<>> sources_;
  std::uint64_t read_ = 0;
};

}  // namespace assay
