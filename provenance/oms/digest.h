#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance::oms {

// The hashes that a signature may use for files (OMS 1.0, `hash_type`).
enum class HashType : std::uint8_t { sha256, blake2b, blake3 };
std::string_view to_string(HashType hash);
std::optional<HashType> hash_type_from(std::string_view word);
// In bytes: 64 for BLAKE2b, otherwise 32.
std::size_t digest_size(HashType hash);

// How a file is hashed: whole (0), or in pieces of `shard_size` bytes of which the last
// may be shorter. An empty file has one digest when whole, and no shards.
struct HashPlan {
  HashType hash = HashType::sha256;
  std::uint64_t shard_size = 0;
  bool operator==(const HashPlan&) const = default;
};

struct FileDigests {
  HashPlan plan;
  std::vector<ByteString> digests;  // in the order of the shards
  bool operator==(const FileDigests&) const = default;
};

// Digests of a file that is given in any number of parts, from front to end.
class FileHasher {
 public:
  explicit FileHasher(HashPlan plan);
  FileHasher(FileHasher&&) noexcept;
  FileHasher& operator=(FileHasher&&) noexcept;
  ~FileHasher();

  void update(Bytes bytes);
  // Ends the computation.
  FileDigests finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same of a file in memory.
FileDigests digests_of(HashPlan plan, Bytes file);

}  // namespace assay::provenance::oms
