#include "sbom/report_index.h"

#include <algorithm>
#include <functional>

#include "core/text.h"
#include "sbom/artifact_walk.h"

namespace assay::sbom {

ReportIndex::ReportIndex(const ScanResult& result) : result_(result) {
  for (std::size_t i = 0; i < result.files.size(); ++i) {
    std::vector<const Artifact*> parents{nullptr};
    const auto enter = [&](const Artifact& artifact) {
      places_.try_emplace(to_utf8(artifact.path), Place{i, &artifact, parents.back()});
      parents_.emplace(&artifact, parents.back());
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

const ReportIndex::Place* ReportIndex::nearest(std::string_view path) const {
  std::string around = to_utf8(path);
  while (true) {
    const auto place = places_.find(around);
    if (place != places_.end()) return &place->second;
    const std::size_t cut = around.rfind("!/");
    if (cut == std::string::npos) return nullptr;
    around.resize(cut);
  }
}

std::string ReportIndex::member_of(std::string_view path) const {
  const Place* place = nearest(path);
  if (!place) return {};
  const std::string file = to_utf8(result_.files[place->file].path);
  const std::string text = to_utf8(path);
  return text == file ? "" : text.substr(std::min(text.size(), file.size() + 2));
}

std::string path_within(const Artifact& outer, const Artifact& inner) {
  const std::string prefix = to_utf8(outer.path) + "!/";
  std::string path = to_utf8(inner.path);
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

bool is_worse(const Finding* a, const Finding* b) {
  return a->severity != b->severity ? a->severity > b->severity : std::less<>()(a, b);
}

}  // namespace assay::sbom
