#pragma once

#include <array>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

// Names of files in a signed model (OMS 1.0).
namespace assay::provenance::oms {

inline constexpr std::size_t kMaxPathSize = 4096;

// What signers leave out at the top of a model unless told otherwise.
inline const std::array<std::string, 4> kGitPaths = {".git", ".gitattributes", ".github",
                                                     ".gitignore"};

// Whether `path` is the one spelling of a place below the model's root: components
// joined by single '/', none of them "." or "..", no NUL, at most 4,096 bytes.
bool is_inner_path(std::string_view path);

// Whether `a` comes before `b` when the components are compared one after the other,
// as the reference implementation sorts: "a/x" before "a-b".
bool before_by_component(std::string_view a, std::string_view b);

// Paths that stand for themselves and all below them.
class PathSet {
 public:
  PathSet() = default;
  explicit PathSet(std::span<const std::string> paths) : paths_(paths.begin(), paths.end()) {}
  bool covers(std::string_view path) const;

 private:
  std::set<std::string, std::less<>> paths_;
};

}  // namespace assay::provenance::oms
