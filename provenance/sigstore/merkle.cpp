#include "provenance/sigstore/merkle.h"

#include <algorithm>

#include "provenance/crypto/public_key.h"

namespace assay::provenance {
namespace {

constexpr std::size_t kHashSize = 32;

ByteString hash_of(std::byte prefix, Bytes first, Bytes second) {
  ByteString text{prefix};
  text.insert(text.end(), first.begin(), first.end());
  text.insert(text.end(), second.begin(), second.end());
  return digest_of(HashKind::sha256, text);
}

}  // namespace

ByteString merkle_leaf_hash(Bytes entry) { return hash_of(std::byte{0}, entry, {}); }

ByteString merkle_node_hash(Bytes left, Bytes right) { return hash_of(std::byte{1}, left, right); }

bool is_included(Bytes leaf_hash, std::uint64_t index, std::uint64_t size,
                 std::span<const ByteString> path, Bytes root) {
  if (index >= size) return false;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  ByteString hash(leaf_hash.begin(), leaf_hash.end());
  for (const ByteString& sibling : path) {
    if (last == 0 || sibling.size() != kHashSize) return false;
    if (at % 2 == 1 || at == last) {
      hash = merkle_node_hash(sibling, hash);
      // The last node of a level without a sibling goes up as it is.
      while (at % 2 == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = merkle_node_hash(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && std::ranges::equal(hash, root);
}

}  // namespace assay::provenance
