#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance {

// BLAKE3 (the BLAKE3 paper, §2), 32 bytes, of bytes given in any number of parts.
class Blake3 {
 public:
  static constexpr std::size_t kDigestSize = 32;
  using ChainingValue = std::array<std::uint32_t, 8>;
  using Block = std::array<std::uint32_t, 16>;

  void update(Bytes bytes);
  ByteString finish();

 private:
  static constexpr std::size_t kBlockSize = 64;
  static constexpr std::size_t kChunkBlocks = 16;

  // What a compression is made from; the last one of the tree is made with ROOT.
  struct Output {
    ChainingValue input;
    Block block;
    std::uint64_t counter = 0;
    std::uint32_t block_size = 0;
    std::uint32_t flags = 0;
    ChainingValue chaining_value(std::uint32_t more_flags = 0) const;
  };

  static ChainingValue initial();
  static Output parent_of(const ChainingValue& left, const ChainingValue& right);
  Output last_of_chunk() const;
  void compress_block();
  void end_chunk();

  ChainingValue chunk_value_ = initial();
  std::array<std::byte, kBlockSize> buffer_{};
  std::size_t buffered_ = 0;
  std::size_t blocks_ = 0;            // compressed, of this chunk
  std::uint64_t chunks_ = 0;          // complete
  std::vector<ChainingValue> stack_;  // of complete subtrees, the largest first
};

}  // namespace assay::provenance
