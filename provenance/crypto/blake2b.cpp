#include "provenance/crypto/blake2b.h"

#include "provenance/crypto/ossl.h"

namespace assay::provenance {

struct Blake2b::State {
  ossl::DigestContext context{EVP_MD_CTX_new()};
  State() { EVP_DigestInit_ex(context.get(), EVP_blake2b512(), nullptr); }
};

Blake2b::Blake2b() : state_(std::make_unique<State>()) {}
Blake2b::~Blake2b() = default;

void Blake2b::update(Bytes bytes) {
  EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

ByteString Blake2b::finish() {
  ByteString digest(kDigestSize);
  EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                     nullptr);
  return digest;
}

}  // namespace assay::provenance
