#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scan_result.h"
#include "sbom/json_writer.h"
#include "sbom/report_index.h"

namespace assay::sbom {

// The largest integer that readers of SARIF are sure to hold.
inline constexpr std::uint64_t kMaxSarifInteger = std::numeric_limits<std::int64_t>::max();

// The artifacts of a run: every file, then those members that results point to,
// each after what it is in.
class SarifArtifacts {
 public:
  SarifArtifacts(const ScanResult& result, const ReportIndex& index);

  // The place in run.artifacts of a file, or of a member some result is about.
  std::size_t index_of(const Artifact* artifact) const { return places_.at(artifact); }
  void write(JsonWriter& out) const;

 private:
  struct Nested {
    const Artifact* artifact;
    const Artifact* parent;
  };

  void add(const ReportIndex& index, std::string_view path);

  const ScanResult& result_;
  std::unordered_map<const Artifact*, std::size_t> places_;
  std::vector<Nested> members_;
};

}  // namespace assay::sbom
