#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/oms/digest.h"

// What a model signature says the model consists of (OpenSSF Model Signing 1.0).
namespace assay::provenance::oms {

inline constexpr std::string_view kPredicateType = "https://model_signing/signature/v1.0";
// Of model_signing 0.2: the files are the statement's subjects.
inline constexpr std::string_view kOldPredicateType = "https://model_signing/Digests/v0.1";

// How the one resource of a single file is called by the reference implementation.
inline constexpr std::string_view kSingleFile = ".";

struct Shard {
  std::uint64_t start = 0;
  std::uint64_t end = 0;  // behind the last byte
  auto operator<=>(const Shard&) const = default;
};

struct Resource {
  std::string path;
  std::optional<Shard> shard;  // when files are hashed in shards
  ByteString digest;
  bool operator==(const Resource&) const = default;
};

struct Manifest {
  std::string predicate_type;
  std::string model_name;   // only told, never compared
  std::string root_digest;  // lower-case hex; empty in the layout of 0.2
  HashPlan plan;
  bool allow_symlinks = false;
  std::vector<std::string> ignore_paths;
  std::vector<Resource> resources;  // in the order given

  bool is_single_file() const { return !resources.empty() && resources[0].path == kSingleFile; }
};

// The manifest in an in-toto statement. Nothing when what is listed cannot be told;
// `checks` then has a failure. The classes, besides those of statements:
//   oms.predicate-type   another kind of statement, or the layout of 0.2 without `allow_v0_2`
//   oms.subject          not exactly one, or without a name or SHA-256
//   oms.root-digest      not that of the resources
//   oms.serialization    a member is absent or of the wrong type
//   oms.method, oms.hash-type, oms.shard-size
//   oms.ignore-path      not below the model, a pattern, or it hides a listed file
//   oms.empty, oms.resource, oms.resource.name, oms.resource.duplicate,
//   oms.resource.algorithm, oms.resource.digest
//   oms.shard            the shards of a file leave a gap, overlap, or have another size
//   oms.unsorted         (a warning)
// When none failed, names are unique and below the model, and shards tile from 0 on.
std::optional<Manifest> parse_manifest(Bytes payload, bool allow_v0_2, Checks& checks);

}  // namespace assay::provenance::oms
