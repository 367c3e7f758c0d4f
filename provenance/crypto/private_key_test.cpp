#include "provenance/crypto/private_key.h"

#include <catch2/catch.hpp>

#include "provenance/crypto/key_maker.h"
#include "provenance/crypto/ossl.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

TEST_CASE("a signature by each kind of key is one by its public key") {
  const auto [curve, kind] = GENERATE(table<const char*, KeyKind>(
      {{"P-256", KeyKind::ec_p256}, {"P-384", KeyKind::ec_p384}, {"P-521", KeyKind::ec_p521}}));
  const auto key = PrivateKey::from_pem(as_bytes(new_ec_key(curve)));
  REQUIRE(key.has_value());
  CHECK(key->public_key().kind() == kind);
  const ByteString signature = key->sign(as_bytes("message"));
  CHECK(key->public_key().verify(as_bytes("message"), signature));
  CHECK_FALSE(key->public_key().verify(as_bytes("massage"), signature));
}

TEST_CASE("an encrypted key needs its password") {
  const std::string pem = encrypted(new_ec_key("P-256"), "secret");
  CHECK(PrivateKey::from_pem(as_bytes(pem), "secret").has_value());
  CHECK(PrivateKey::from_pem(as_bytes(pem)).error().code == ParseErrc::encrypted);
  CHECK(PrivateKey::from_pem(as_bytes(pem), "other").error().code == ParseErrc::encrypted);
  CHECK(PrivateKey::from_pem(as_bytes(pem), std::string(5000, 'x')).error().code ==
        ParseErrc::encrypted);
}

TEST_CASE("what is no key that models are signed with is refused") {
  CHECK(PrivateKey::from_pem({}).error().code == ParseErrc::malformed);
  CHECK(PrivateKey::from_pem(as_bytes("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE "
                                      "KEY-----\n"))
            .error()
            .code == ParseErrc::malformed);
  const auto code_of = [](EVP_PKEY* made) {
    const ossl::Key key(made);
    return PrivateKey::from_pem(as_bytes(pem_of(key.get()))).error().code;
  };
  CHECK(code_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) == ParseErrc::unsupported);
  CHECK(code_of(EVP_EC_gen("secp256k1")) == ParseErrc::unsupported);
}
