#include "provenance/crypto/prepare.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <ctime>

#include "provenance/crypto/public_key.h"

namespace assay::provenance {

void prepare_crypto() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
                          OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS,
                      nullptr);
  // The C library reads the time zone's file at the first conversion, even of UTC.
  const std::time_t epoch = 0;
  std::tm parts{};
  gmtime_r(&epoch, &parts);
  // Points on curves are blinded even when a signature is checked.
  unsigned char seed = 0;
  RAND_bytes(&seed, 1);
  RAND_priv_bytes(&seed, 1);
  digest_of(HashKind::sha256, {});
}

}  // namespace assay::provenance
