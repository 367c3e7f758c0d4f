#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.h"
#include "provenance/base64.h"

// Merkle trees of transparency logs over SHA-256 (RFC 9162 §2.1).
namespace assay::provenance {

// The hash of a leaf that holds `entry`: SHA-256(00 || entry).
ByteString merkle_leaf_hash(Bytes entry);

// SHA-256(01 || left || right).
ByteString merkle_node_hash(Bytes left, Bytes right);

// Whether `path` leads from the leaf at `index` of a tree with `size` leaves to
// `root` (§2.1.3.2). A path of another length than the tree wants does not.
bool is_included(Bytes leaf_hash, std::uint64_t index, std::uint64_t size,
                 std::span<const ByteString> path, Bytes root);

}  // namespace assay::provenance
