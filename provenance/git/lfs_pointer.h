#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::provenance::git {

// What stands in a git tree in the place of a large file (git-lfs, docs/spec.md).
struct LfsPointer {
  std::string sha256;      // of the content, lower-case hex
  std::uint64_t size = 0;  // of the content
  bool operator==(const LfsPointer&) const = default;
};

// No pointer is larger ("less than 1024 bytes in size").
inline constexpr std::uint64_t kMaxPointerSize = 1024;

// The pointer that `text` is, in any order of keys behind the version line; further
// keys (ext-...) are stepped over. Nothing when it is none.
std::optional<LfsPointer> parse_lfs_pointer(std::string_view text);

// The text of a pointer without extensions: what the Hub stores.
std::string pointer_text(const LfsPointer& pointer);

// The id of that text as git blob.
std::string pointer_id(const LfsPointer& pointer);

// Whether `text` is a SHA-256 in lower-case hex.
bool is_sha256(std::string_view text);

}  // namespace assay::provenance::git
