#include "provenance/git/object_id.h"

// As in sha256.cpp: small objects by the thousand, so not through EVP.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assay::provenance::git {
namespace {

constexpr std::size_t kHexSize = 2 * SHA_DIGEST_LENGTH;

void begin(SHA_CTX& context, std::string_view type, std::uint64_t size) {
  const std::string header = std::string(type) + ' ' + std::to_string(size) + '\0';
  SHA1_Init(&context);
  SHA1_Update(&context, header.data(), header.size());
}

std::string end(SHA_CTX& context) {
  std::array<std::byte, SHA_DIGEST_LENGTH> digest{};
  SHA1_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return hex(digest);
}

}  // namespace

struct BlobId::State {
  SHA_CTX context;
};

BlobId::BlobId(std::uint64_t size) : state_(std::make_unique<State>()) {
  begin(state_->context, "blob", size);
}
BlobId::~BlobId() = default;

void BlobId::update(Bytes bytes) { SHA1_Update(&state_->context, bytes.data(), bytes.size()); }

std::string BlobId::finish() { return end(state_->context); }

std::string object_id(std::string_view type, Bytes content) {
  SHA_CTX context;
  begin(context, type, content.size());
  SHA1_Update(&context, content.data(), content.size());
  return end(context);
}

bool is_object_id(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kHexSize && std::ranges::all_of(text, is_digit);
}

}  // namespace assay::provenance::git
