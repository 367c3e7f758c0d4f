#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/git/git_files.h"
#include "provenance/git/verify.h"
#include "provenance/git/work_file.h"

// A clone from its signed commit down to the files: the commit names a tree, trees name
// blobs, a blob that is a pointer of Git LFS names the weights. No git and no gpg runs.
namespace assay::provenance::git {

struct CloneCheck {
  std::vector<StoreFile> store;  // what lies below `.git`
  std::vector<StorePart> parts;  // of that, what was asked for before
  GitKeys keys;
  std::optional<std::string> principal;
  std::int64_t now = 0;
};

// Where a digest of a file in the work tree is needed: the SHA-256 for what a pointer
// names, git's own for everything else.
struct WorkNeeds {
  std::vector<std::string> sha256;
  std::vector<std::string> blob_id;
};

struct CloneAnswer {
  // Not empty: nothing else is told yet. Ask again with these parts.
  std::vector<StoreNeed> needs;
  WorkNeeds work;
  Evidence evidence;
};

// Evidence of kind "git-clone", by the method of the commit's signature. `files` are
// those of the work tree, with the digests that `work` asks for once they are known.
// Classes besides those of verify_commit():
//   git.ref           HEAD cannot be followed (unknown: refs of a kind that is not read)
//   git.object        an object is broken, or not what its id says
//   git.object.missing  (unknown) the clone does not hold an object: it is partial
//   git.budget        (unknown) more to read, or larger, than is read
//   git.unsupported   (unknown) a form of repository that is not read
//   git.tree          a tree that git would not write
//   git.content, git.missing   a file is not what the commit says, or a link stands there
//   git.unread        (unknown) a file whose digest did not come, although asked for
//   git.extra         (warned) a file that the commit does not have
//   git.pointer       (unknown) a pointer lies where the weights should
//   git.link          (warned) a link that was followed, or of which it is not told where
//                     it leads: not compared
//   git.submodule     (warned) another repository's files: not compared
// Property "links": commit, trees and blobs hang together by SHA-1, for which collisions
// are known and not looked for; weights hang on their pointers by SHA-256. Below a commit
// without a signature no file is compared: nobody vouches for them.
//
// Ask with no parts first, and again with all parts so far while `needs` comes back. Each
// walk begins anew and spends at most kMaxStoreWork; repositories that git makes take
// about seven. Then take the digests in `work`, and ask once more.
CloneAnswer check_clone(const CloneCheck& check, const std::vector<WorkFile>& files);

}  // namespace assay::provenance::git
