#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"

namespace assay::provenance::git {

// Who did something to a commit, and when by their own clock.
struct Identity {
  std::string name;
  std::string mail;
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z
};

// A commit object (gitformat-signature(5) and the output of `git cat-file commit`).
// Its text is from the object, and unescaped.
struct Commit {
  std::string tree;
  std::vector<std::string> parents;
  Identity author;
  Identity committer;
  // The armoured signature of the header "gpgsig".
  std::optional<std::string> signature;
  // What is signed: the object without its headers "gpgsig" and "gpgsig-sha256".
  ByteString payload;
};

// No commit is read beyond that.
inline constexpr std::uint64_t kMaxCommitSize = 16U << 20;

// `malformed`: headers missing, twice or in another order than git writes them, a NUL
// among them, two signatures. Two readers could see two commits in such an object.
Parsed<Commit> parse_commit(Bytes object);

}  // namespace assay::provenance::git
