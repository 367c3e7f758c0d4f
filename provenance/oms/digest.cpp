#include "provenance/oms/digest.h"

#include <variant>

#include "provenance/crypto/blake2b.h"
#include "provenance/crypto/blake3.h"
#include "provenance/sha256.h"

namespace assay::provenance::oms {
namespace {

struct Sha256Bytes {
  Sha256 hash;
  void update(Bytes bytes) { hash.update(bytes); }
  ByteString finish() { return *from_hex(hash.finish()); }
};

// One digest after another by the same hash.
class Hasher {
 public:
  explicit Hasher(HashType type) : type_(type) { start(); }

  void update(Bytes bytes) {
    std::visit([&](auto& hash) { hash.update(bytes); }, hash_);
  }

  // The digest of what came since the last one.
  ByteString next() {
    ByteString digest = std::visit([](auto& hash) { return hash.finish(); }, hash_);
    start();
    return digest;
  }

 private:
  void start() {
    switch (type_) {
      case HashType::sha256:
        hash_.emplace<Sha256Bytes>();
        return;
      case HashType::blake2b:
        hash_.emplace<Blake2b>();
        return;
      case HashType::blake3:
        hash_.emplace<Blake3>();
    }
  }

  HashType type_;
  std::variant<Sha256Bytes, Blake2b, Blake3> hash_;
};

}  // namespace

std::string_view to_string(HashType hash) {
  switch (hash) {
    case HashType::sha256:
      return "sha256";
    case HashType::blake2b:
      return "blake2b";
    case HashType::blake3:
      break;
  }
  return "blake3";
}

std::optional<HashType> hash_type_from(std::string_view word) {
  for (const HashType hash : {HashType::sha256, HashType::blake2b, HashType::blake3}) {
    if (to_string(hash) == word) return hash;
  }
  return std::nullopt;
}

std::size_t digest_size(HashType hash) { return hash == HashType::blake2b ? 64 : 32; }

struct FileHasher::State {
  explicit State(HashPlan plan) : hasher(plan.hash), digests{plan, {}} {}
  Hasher hasher;
  FileDigests digests;
  std::uint64_t in_shard = 0;
};

FileHasher::FileHasher(HashPlan plan) : state_(std::make_unique<State>(plan)) {}
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;
FileHasher::~FileHasher() = default;

void FileHasher::update(Bytes bytes) {
  const std::uint64_t shard_size = state_->digests.plan.shard_size;
  if (shard_size == 0) return state_->hasher.update(bytes);
  while (!bytes.empty()) {
    const Bytes part = clip(bytes, 0, shard_size - state_->in_shard);
    state_->hasher.update(part);
    state_->in_shard += part.size();
    bytes = bytes.subspan(part.size());
    if (state_->in_shard < shard_size) continue;
    state_->digests.digests.push_back(state_->hasher.next());
    state_->in_shard = 0;
  }
}

FileDigests FileHasher::finish() {
  if (state_->digests.plan.shard_size == 0 || state_->in_shard > 0) {
    state_->digests.digests.push_back(state_->hasher.next());
  }
  return std::move(state_->digests);
}

FileDigests digests_of(HashPlan plan, Bytes file) {
  FileHasher hasher(plan);
  hasher.update(file);
  return hasher.finish();
}

}  // namespace assay::provenance::oms
