#include "provenance/crypto/hasher.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "provenance/crypto/blake3.h"
#include "provenance/crypto/ossl.h"
#include "provenance/crypto/ossl_hash.h"

namespace assay::provenance {
struct Hasher::State {
  explicit State(HashKind hash) {
    if (hash == HashKind::blake3) {
      blake3.emplace();
    } else {
      context.reset(EVP_MD_CTX_new());
      EVP_DigestInit_ex(context.get(), ossl::md_of(hash), nullptr);
    }
  }

  void update(Bytes bytes) {
    if (blake3) {
      blake3->update(bytes);
    } else {
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
    }
  }

  // Ends one digest and begins the next.
  ByteString finish() {
    if (blake3) {
      ByteString digest = blake3->finish();
      blake3.emplace();
      return digest;
    }
    ByteString digest(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
    EVP_DigestInit_ex(context.get(), nullptr, nullptr);
    digest.resize(size);
    return digest;
  }

  ossl::DigestContext context;
  std::optional<Blake3> blake3;
};

Hasher::Hasher(const DigestRequest& request, std::uint64_t size)
    : state_(std::make_unique<State>(request.hash)), request_(request) {
  if (!request_.is_git_blob) return;
  const std::string front = "blob " + std::to_string(size);
  state_->update(as_bytes({front.c_str(), front.size() + 1}));
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(Bytes bytes) {
  while (!bytes.empty()) {
    std::size_t size = bytes.size();
    if (request_.shard_size > 0) {
      size =
          static_cast<std::size_t>(std::min<std::uint64_t>(size, request_.shard_size - in_shard_));
    }
    state_->update(bytes.first(size));
    in_shard_ += size;
    bytes = bytes.subspan(size);
    if (in_shard_ == request_.shard_size) end_shard();
  }
}

void Hasher::end_shard() {
  ready_.push_back(state_->finish());
  in_shard_ = 0;
}

void Hasher::finish() {
  if (request_.shard_size == 0 || in_shard_ > 0) end_shard();
}

std::vector<ByteString> Hasher::take() { return std::exchange(ready_, {}); }

}  // namespace assay::provenance
