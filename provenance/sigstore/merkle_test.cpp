#include "provenance/sigstore/merkle.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

using Hashes = std::vector<ByteString>;

// The tree hash and the path as RFC 9162 §2.1.1 and §2.1.3.1 define them.
std::size_t split(std::size_t size) {
  std::size_t half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

ByteString tree_hash(const Hashes& leaves, std::size_t first, std::size_t size) {
  if (size == 1) return leaves[first];
  const std::size_t half = split(size);
  return merkle_node_hash(tree_hash(leaves, first, half),
                          tree_hash(leaves, first + half, size - half));
}

Hashes path_to(const Hashes& leaves, std::size_t index, std::size_t first, std::size_t size) {
  if (size == 1) return {};
  const std::size_t half = split(size);
  const bool left = index < half;
  Hashes path = left ? path_to(leaves, index, first, half)
                     : path_to(leaves, index - half, first + half, size - half);
  path.push_back(left ? tree_hash(leaves, first + half, size - half)
                      : tree_hash(leaves, first, half));
  return path;
}

Hashes leaves_of(std::size_t size) {
  Hashes leaves;
  for (std::size_t i = 0; i < size; ++i)
    leaves.push_back(merkle_leaf_hash(as_bytes(std::to_string(i))));
  return leaves;
}

}  // namespace

TEST_CASE("a path that is too long, too short or for another leaf proves nothing") {
  for (std::size_t size = 1; size <= 9; ++size) {
    const Hashes leaves = leaves_of(size);
    const ByteString root = tree_hash(leaves, 0, size);
    for (std::size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      const Hashes path = path_to(leaves, index, 0, size);
      Hashes longer = path;
      longer.push_back(root);
      CHECK_FALSE(is_included(leaves[index], index, size, longer, root));
      CHECK_FALSE(is_included(leaves[index], size + index, size, path, root));
      for (std::size_t other = 0; other < size; ++other) {
        if (other == index) continue;
        CHECK_FALSE(is_included(leaves[index], other, size, path, root));
        CHECK_FALSE(is_included(leaves[other], index, size, path, root));
      }
      if (path.empty()) continue;
      const std::span<const ByteString> all = path;
      CHECK_FALSE(is_included(leaves[index], index, size, all.first(all.size() - 1), root));
      CHECK_FALSE(is_included(leaves[index], index, size, all.subspan(1), root));
    }
  }
}

TEST_CASE("an inner node cannot pass for a leaf") {
  const Hashes leaves = leaves_of(4);
  const ByteString root = tree_hash(leaves, 0, 4);
  const ByteString node = merkle_node_hash(leaves[0], leaves[1]);
  const ByteString other = merkle_node_hash(leaves[2], leaves[3]);
  // As a tree of two the same root comes out: a leaf must be hashed as one.
  CHECK(is_included(node, 0, 2, Hashes{other}, root));
  ByteString entry = leaves[0];
  entry.insert(entry.end(), leaves[1].begin(), leaves[1].end());
  CHECK_FALSE(is_included(merkle_leaf_hash(entry), 0, 2, Hashes{other}, root));
}

TEST_CASE("hashes of another size than SHA-256's, an empty tree and huge indexes prove nothing") {
  const Hashes leaves = leaves_of(2);
  const ByteString root = tree_hash(leaves, 0, 2);
  CHECK_FALSE(is_included(leaves[0], 0, 2, Hashes{ByteString(31)}, root));
  CHECK_FALSE(is_included(leaves[0], 0, 2, Hashes{ByteString()}, root));
  CHECK_FALSE(is_included(leaves[0], 0, 0, {}, leaves[0]));
  CHECK_FALSE(is_included(leaves[0], 0, 1, {}, {}));
  const std::uint64_t most = ~std::uint64_t{0};
  CHECK_FALSE(is_included(leaves[0], most, most, {}, leaves[0]));
  CHECK_FALSE(is_included(leaves[0], most - 1, most, Hashes(64, root), root));
}

TEST_CASE("every leaf of small trees is proven by its path") {
  for (std::size_t size = 1; size <= 40; ++size) {
    const Hashes leaves = leaves_of(size);
    const ByteString root = tree_hash(leaves, 0, size);
    for (std::size_t index = 0; index < size; ++index) {
      CAPTURE(size, index);
      CHECK(is_included(leaves[index], index, size, path_to(leaves, index, 0, size), root));
    }
  }
}

TEST_CASE("leaves and nodes are hashed apart") {
  // SHA-256 of the one byte 00: the leaf hash of an empty entry (RFC 9162 §2.1.1).
  CHECK(hex(merkle_leaf_hash({})) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}
