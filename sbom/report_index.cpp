#include "sbom/report_index.h"

#include "core/text.h"
#include "sbom/artifact_walk.h"

namespace assay::sbom {

ReportIndex::ReportIndex(const ScanResult& result) : result_(result) {
  for (std::size_t i = 0; i < result.files.size(); ++i) {
    std::vector<const Artifact*> parents{nullptr};
    const auto enter = [&](const Artifact& artifact) {
      places_.try_emplace(to_utf8(artifact.path), Place{i, &artifact, parents.back()});
      parents.push_back(&artifact);
      return true;
    };
    walk(result.files[i], enter, [&](const Artifact&) { parents.pop_back(); });
  }
}

const ReportIndex::Place* ReportIndex::find(std::string_view path) const {
  const auto place = places_.find(to_utf8(path));
  return place == places_.end() ? nullptr : &place->second;
}

std::string ReportIndex::member_of(const Place& place) const {
  return place.is_member() ? path_within(result_.files[place.file], *place.artifact) : "";
}

std::string path_within(const Artifact& outer, const Artifact& inner) {
  const std::string prefix = to_utf8(outer.path) + "!/";
  std::string path = to_utf8(inner.path);
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

}  // namespace assay::sbom
