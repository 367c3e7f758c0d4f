#include "provenance/oms/listing.h"

#include <algorithm>

#include "core/text.h"

namespace assay::provenance::oms {
namespace {

// A single file may be listed as "." or by its name.
std::string_view path_in(const Model& model, std::string_view path) {
  if (path == kSingleFile && model.single_file && !model.files.empty()) return model.files[0].path;
  return path;
}

bool has_content(FileKind kind) {
  return kind == FileKind::regular || kind == FileKind::link_inside ||
         kind == FileKind::link_to_blob;
}

}  // namespace

const FileDigests* ModelFile::find(HashPlan plan) const {
  const auto found = std::ranges::find(digests, plan, &FileDigests::plan);
  return found == digests.end() ? nullptr : &*found;
}

std::map<std::string_view, Resources> listed_files(const Manifest& manifest, const Model& model) {
  std::map<std::string_view, Resources> files;
  for (const Resource& resource : manifest.resources) {
    files[path_in(model, resource.path)].push_back(&resource);
  }
  for (auto& [path, resources] : files) {
    std::ranges::sort(resources, {}, [](const Resource* each) { return each->shard; });
  }
  return files;
}

bool have_size(const Resources& resources, std::uint64_t size) {
  const auto& last = resources.back()->shard;
  return !last || last->end == size;
}

std::vector<DigestNeed> digests_needed(const Manifest& manifest, const Model& model) {
  std::vector<DigestNeed> needs;
  const auto listed = listed_files(manifest, model);
  for (const ModelFile& file : model.files) {
    const auto found = listed.find(file.path);
    if (found == listed.end() || !has_content(file.kind)) continue;
    if (have_size(found->second, file.size)) needs.push_back({file.path, manifest.plan});
  }
  return needs;
}

}  // namespace assay::provenance::oms
