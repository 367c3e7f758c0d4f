#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/ossl.h"
#include "provenance/crypto/trust.h"

// Certificates for tests, made in the test that uses them.
namespace assay::provenance::testing {

using SharedKey = std::shared_ptr<EVP_PKEY>;
SharedKey ec_key();
SharedKey rsa_key(unsigned bits);

// The days tests happen on.
inline constexpr std::int64_t kStart = 1'700'000'000;
inline constexpr std::int64_t kNow = kStart + 1000;
inline constexpr std::int64_t kEnd = kStart + 2000;

struct Wanted {
  std::string subject = "leaf";  // common name; empty for an empty subject
  std::int64_t from = kStart;
  std::int64_t to = kEnd;
  // Name and value as in OpenSSL's configuration (x509v3_config(5)).
  std::vector<std::pair<std::string, std::string>> extensions;
  std::string hash = "SHA256";
  SharedKey key = {};  // made when absent
};

// A certificate with its private key.
struct Made {
  std::shared_ptr<X509> x509;
  SharedKey key;

  Certificate certificate() const;
  ByteString der() const;
};

Made issue(const Made* issuer, Wanted wanted);  // self-signed without issuer
Made make_root(const std::string& name = "root");
Made make_intermediate(const Made& issuer, const std::string& name = "intermediate",
                       const std::string& constraints = "critical,CA:TRUE");
// As Fulcio writes it.
Wanted fulcio_leaf(const std::string& names = "critical,URI:https://example.test/workflow");

Authority authority_of(std::initializer_list<Made> chain);

}  // namespace assay::provenance::testing
