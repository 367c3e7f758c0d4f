#include "scanner/references.h"

#include <climits>
#include <filesystem>
#include <set>
#include <string>
#include <variant>

namespace assay {
namespace {

// The report path of `target` as the file at `from` would open it. Empty when
// it leads out of the source.
std::string resolved(const std::string& from, const std::string& target) {
  namespace fs = std::filesystem;
  if (target.size() > PATH_MAX) return {};  // no file has that name
  const fs::path path = (fs::path(from).parent_path() / target).lexically_normal();
  const bool outside = path.is_absolute() || *path.begin() == "..";
  return outside ? std::string() : path.generic_string();
}

bool is_unknown(const Artifact& file) {
  return file.formats.empty() && file.gaps.size() == 1 &&
         file.gaps.front().reason == ParseErrc::unsupported;
}

}  // namespace

void settle_references(const std::vector<Artifact*>& files) {
  std::set<std::string> named;
  for (const Artifact* file : files) {
    for (const Fact& fact : file->facts) {
      const auto* reference = std::get_if<Reference>(&fact.value);
      if (!reference || reference->kind != "external-data" || reference->target.empty()) continue;
      named.insert(resolved(file->path, reference->target));
    }
  }
  for (Artifact* file : files) {
    if (!is_unknown(*file) || !named.contains(file->path)) continue;
    file->gaps.clear();
    file->format = "raw-data";
    file->formats.emplace_back("raw-data");
  }
}

}  // namespace assay
