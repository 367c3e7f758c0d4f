#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scan_result.h"

namespace assay::sbom {

// Which file of a scan a path leads to. Paths are looked up as the valid UTF-8
// that reports show, so a report that was read back finds the same.
class ReportIndex {
 public:
  struct Place {
    std::size_t file = 0;                // index into ScanResult::files
    const Artifact* artifact = nullptr;  // the file, or a member in it at any depth
    const Artifact* parent = nullptr;    // what a member is in; null for a file
    bool is_member() const { return parent != nullptr; }
  };

  explicit ReportIndex(const ScanResult& result);

  // Null for a path that is no artifact of the scan. Of artifacts with one path
  // (an archive may hold a name twice) the first.
  const Place* find(std::string_view path) const;

  // The same, or what is around it: a member that could not be opened is no
  // artifact, but its archive is.
  const Place* nearest(std::string_view path) const;

  // What `artifact`, of the scan, is in; null for a file.
  const Artifact* parent_of(const Artifact* artifact) const { return parents_.at(artifact); }

  // "archive/data.pkl" for "model.pt!/archive/data.pkl"; empty for a file, and
  // for a path outside every file.
  std::string member_of(std::string_view path) const;

 private:
  const ScanResult& result_;
  std::unordered_map<std::string, Place> places_;
  std::unordered_map<const Artifact*, const Artifact*> parents_;
};

// The path of `inner` as seen from `outer`, which contains it, in valid UTF-8.
std::string path_within(const Artifact& outer, const Artifact& inner);

// For sorting the findings of one result: by severity, then in its order.
bool is_worse(const Finding* a, const Finding* b);

}  // namespace assay::sbom
