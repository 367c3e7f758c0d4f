#pragma once

#include <openssl/evp.h>

#include "provenance/crypto/certificate_maker.h"

namespace assay::provenance::testing {

// An authority that gives whatever time the test wants.
struct TimestampAuthority {
  Made root = make_root("tsa root");
  Made signer = issue(&root, {.subject = "tsa",
                              .extensions = {{"keyUsage", "critical,digitalSignature"},
                                             {"extendedKeyUsage", "critical,timeStamping"}}});
  Authority authority() const { return authority_of({signer, root}); }
};

struct Asked {
  std::int64_t time = kNow;
  const EVP_MD* imprint = EVP_sha256();
  bool with_certificate = false;
  const EVP_MD* signature = EVP_sha256();
};

// A TimeStampResp in DER.
ByteString make_token(const TimestampAuthority& tsa, const ByteString& message,
                      const Asked& asked = {});

}  // namespace assay::provenance::testing
