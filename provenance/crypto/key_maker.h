#pragma once

#include <openssl/evp.h>

#include <string>

// Private keys in PEM for tests.
namespace assay::provenance::testing {

// A new key on the curve ("P-256", "P-384", "P-521").
std::string new_ec_key(const char* curve);
std::string pem_of(EVP_PKEY* key, const std::string& password = "");
std::string encrypted(const std::string& pem, const std::string& password);

}  // namespace assay::provenance::testing
