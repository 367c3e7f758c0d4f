#pragma once

#include <openssl/evp.h>

#include "provenance/crypto/public_key.h"

// Included by .cpp files of provenance/ only.
namespace assay::provenance::ossl {

// Null for what OpenSSL has not: BLAKE3.
inline const EVP_MD* md_of(HashKind hash) {
  switch (hash) {
    case HashKind::sha1:
      return EVP_sha1();
    case HashKind::sha256:
      return EVP_sha256();
    case HashKind::sha384:
      return EVP_sha384();
    case HashKind::sha512:
      return EVP_sha512();
    case HashKind::blake2b:
      return EVP_blake2b512();
    case HashKind::blake3:
      break;
  }
  return nullptr;
}

}  // namespace assay::provenance::ossl
