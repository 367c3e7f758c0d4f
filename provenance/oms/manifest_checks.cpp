#include "provenance/oms/manifest_checks.h"

#include <algorithm>
#include <tuple>

#include "provenance/oms/path.h"
#include "provenance/oms/tally.h"
#include "provenance/sha256.h"

namespace assay::provenance::oms {
namespace {

// All resources by path and, for one path, by shard.
std::vector<const Resource*> sorted(const Manifest& manifest) {
  std::vector<const Resource*> order;
  order.reserve(manifest.resources.size());
  for (const Resource& resource : manifest.resources) order.push_back(&resource);
  std::ranges::sort(order, [](const Resource* a, const Resource* b) {
    return std::tie(a->path, a->shard) < std::tie(b->path, b->shard);
  });
  return order;
}

template <typename Before>
bool is_sorted_by(const Manifest& manifest, Before path_before) {
  return std::ranges::is_sorted(manifest.resources, [&](const Resource& a, const Resource& b) {
    return a.path == b.path ? a.shard < b.shard : path_before(a.path, b.path);
  });
}

std::string full_name(const Resource& resource) {
  if (!resource.shard) return resource.path;
  return resource.path + ':' + std::to_string(resource.shard->start) + ':' +
         std::to_string(resource.shard->end);
}

}  // namespace

void check_ignore_paths(const Manifest& manifest, Checks& checks) {
  Tally tally;
  for (const std::string& path : manifest.ignore_paths) {
    if (!is_inner_path(path) || path.find_first_of("*?[") != std::string::npos) {
      tally.fail("oms.ignore-path", path, "is ignored, and is not the path of one file or folder");
    }
  }
  const PathSet ignored(manifest.ignore_paths);
  for (const Resource& resource : manifest.resources) {
    if (ignored.covers(resource.path)) {
      tally.fail("oms.ignore-path", resource.path, "is listed and ignored at the same time");
    }
  }
  tally.report(checks);
}

void check_names(const Manifest& manifest, Checks& checks) {
  Tally tally;
  const auto order = sorted(manifest);
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i - 1]->path == order[i]->path && order[i - 1]->shard == order[i]->shard) {
      tally.fail("oms.resource.duplicate", full_name(*order[i]), "is listed twice");
    }
  }
  const auto is_single = [](const Resource* each) { return each->path == kSingleFile; };
  if (std::ranges::any_of(order, is_single) && !std::ranges::all_of(order, is_single)) {
    tally.fail("oms.resource.name", kSingleFile, "names a single file, and is not alone");
  }
  tally.report(checks);
}

void check_shards(const Manifest& manifest, Checks& checks) {
  if (manifest.plan.shard_size == 0) return;
  Tally tally;
  const Resource* last = nullptr;
  for (const Resource* resource : sorted(manifest)) {
    const bool continues = last && last->path == resource->path;
    const std::uint64_t expected = continues ? last->shard->end : 0;
    const bool last_was_whole =
        !continues || last->shard->end - last->shard->start == manifest.plan.shard_size;
    const std::uint64_t size = resource->shard->end - resource->shard->start;
    if (resource->shard->start != expected || !last_was_whole || size > manifest.plan.shard_size) {
      tally.fail("oms.shard", full_name(*resource),
                 "leaves a gap, overlaps, or has another size than the manifest says");
    }
    last = resource;
  }
  tally.report(checks);
}

void check_order(const Manifest& manifest, Checks& checks) {
  if (is_sorted_by(manifest, std::less<>()) || is_sorted_by(manifest, before_by_component)) return;
  if (std::ranges::is_sorted(manifest.resources, {}, full_name)) return;
  checks.warn("oms.unsorted", "the resources are not sorted; the root digest is over their order");
}

std::string root_digest_of(const Manifest& manifest) {
  Sha256 hash;
  for (const Resource& resource : manifest.resources) hash.update(resource.digest);
  return hash.finish();
}

void check_root_digest(const Manifest& manifest, Checks& checks) {
  if (root_digest_of(manifest) == manifest.root_digest) {
    checks.pass("oms.root-digest");
  } else {
    checks.fail("oms.root-digest", "the digest of the model is not that of the files listed");
  }
}

}  // namespace assay::provenance::oms
