#pragma once

#include "provenance/evidence.h"
#include "provenance/oms/manifest.h"

// What must hold for a manifest as a whole. The classes are those of `parse_manifest`.
namespace assay::provenance::oms {

void check_ignore_paths(const Manifest& manifest, Checks& checks);
// Names: each once, and "." only alone.
void check_names(const Manifest& manifest, Checks& checks);
// Shards: each file from 0 on without a gap, all but its last of the whole size.
void check_shards(const Manifest& manifest, Checks& checks);
// By code points as the specification says, or by component as the reference sorts.
void check_order(const Manifest& manifest, Checks& checks);
void check_root_digest(const Manifest& manifest, Checks& checks);

// SHA-256 over the digests of all resources in their order, in lower-case hex.
std::string root_digest_of(const Manifest& manifest);

}  // namespace assay::provenance::oms
