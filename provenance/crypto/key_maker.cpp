#include "provenance/crypto/key_maker.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "provenance/crypto/ossl.h"

namespace assay::provenance::testing {

std::string pem_of(EVP_PKEY* key, const std::string& password) {
  const ossl::Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key, password.empty() ? nullptr : EVP_aes_256_cbc(),
                                password.data(), static_cast<int>(password.size()), nullptr,
                                nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string new_ec_key(const char* curve) {
  const ossl::Key key(EVP_EC_gen(curve));
  return pem_of(key.get());
}

std::string encrypted(const std::string& pem, const std::string& password) {
  const ossl::Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const ossl::Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  return pem_of(key.get(), password);
}

}  // namespace assay::provenance::testing
