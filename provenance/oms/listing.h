#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "provenance/oms/manifest.h"
#include "provenance/oms/model.h"

// The two sides of a comparison brought together by path.
namespace assay::provenance::oms {

// What a manifest lists for one file, by shard; whole files have one resource.
using Resources = std::vector<const Resource*>;

// All listed files, ordered by path. A single file is called as it is in `model`.
std::map<std::string_view, Resources> listed_files(const Manifest& manifest, const Model& model);

// Whether the resources are of a file of `size` bytes: always so when it is hashed as a
// whole; shards must end where it ends.
bool have_size(const Resources& resources, std::uint64_t size);

// A file whose digests the caller must compute before it verifies.
struct DigestNeed {
  std::string_view path;  // of the file in `model`
  HashPlan plan;
  bool operator==(const DigestNeed&) const = default;
};

// The files of `model` (whose digests are not looked at) that `manifest` lists, where
// content can decide. Never asks for more shards than the manifest has.
std::vector<DigestNeed> digests_needed(const Manifest& manifest, const Model& model);

}  // namespace assay::provenance::oms
