#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

namespace assay::provenance {

// A key that signatures are made with: on P-256, P-384 or P-521.
class PrivateKey {
 public:
  // The first key in PEM (PKCS#8 or SEC 1), encrypted or not. `encrypted` when a
  // password is needed, or another one; `unsupported` when it is a key of another kind.
  static Parsed<PrivateKey> from_pem(Bytes text,
                                     std::optional<std::string_view> password = std::nullopt);

  const PublicKey& public_key() const { return public_key_; }

  // An ECDSA signature (DER) over `message` by the hash that goes with the key. No two
  // are the same. Empty when the library has no randomness.
  ByteString sign(Bytes message) const;

 private:
  struct Handle;
  PrivateKey(std::shared_ptr<const Handle> handle, PublicKey public_key)
      : handle_(std::move(handle)), public_key_(std::move(public_key)) {}

  std::shared_ptr<const Handle> handle_;
  PublicKey public_key_;
};

}  // namespace assay::provenance
