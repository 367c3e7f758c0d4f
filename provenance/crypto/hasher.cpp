#include "provenance/crypto/hasher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "provenance/crypto/ossl.h"
#include "provenance/crypto/ossl_hash.h"

namespace assay::provenance {
struct Hasher::State {
  ossl::DigestContext context{EVP_MD_CTX_new()};
};

Hasher::Hasher(const DigestRequest& request, std::uint64_t size)
    : state_(std::make_unique<State>()), request_(request) {
  EVP_DigestInit_ex(state_->context.get(), ossl::md_of(request_.hash), nullptr);
  if (request_.is_git_blob) {
    const std::string front = "blob " + std::to_string(size);
    EVP_DigestUpdate(state_->context.get(), front.c_str(), front.size() + 1);
  }
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
    EVP_DigestUpdate(state_->context.get(), bytes.data(), size);
    in_shard_ += size;
    bytes = bytes.subspan(size);
    if (in_shard_ == request_.shard_size) end_shard();
  }
}

void Hasher::end_shard() {
  ByteString digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  ready_.push_back(std::move(digest));
  in_shard_ = 0;
  EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr);
}

void Hasher::finish() {
  if (request_.shard_size == 0 || in_shard_ > 0) end_shard();
}

std::vector<ByteString> Hasher::take() { return std::exchange(ready_, {}); }

}  // namespace assay::provenance
