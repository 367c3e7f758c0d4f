#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

namespace assay::provenance {

// One way to take the digest of a file.
struct DigestRequest {
  HashKind hash = HashKind::sha256;
  bool is_git_blob = false;      // with git's "blob SIZE" and a NUL in front
  std::uint64_t shard_size = 0;  // a digest for each piece of so many bytes; 0: of the whole
  auto operator<=>(const DigestRequest&) const = default;
};

// The digests of a request over content that is given in any number of parts. An
// empty file has no shards.
class Hasher {
 public:
  // `size` is that of the whole content.
  Hasher(const DigestRequest& request, std::uint64_t size);
  Hasher(Hasher&&) noexcept;
  ~Hasher();

  void update(Bytes bytes);

  // The digests that are ready, in order; of the last one only after finish().
  std::vector<ByteString> take();
  void finish();

 private:
  struct State;
  void end_shard();

  std::unique_ptr<State> state_;
  DigestRequest request_;
  std::uint64_t in_shard_ = 0;
  std::vector<ByteString> ready_;
};

}  // namespace assay::provenance
