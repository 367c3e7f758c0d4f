#include "provenance/crypto/public_key.h"

#include <catch2/catch.hpp>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

ByteString bytes_of_hex(std::string_view text) { return from_hex(text).value(); }

// RFC 8032 §7.1, test 2.
constexpr std::string_view kEdKey =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr std::string_view kEdSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

}  // namespace

TEST_CASE("an Ed25519 signature verifies over its message and no other") {
  const auto key = PublicKey::from_ed25519(bytes_of_hex(kEdKey));
  REQUIRE(key.has_value());
  CHECK(key->kind() == KeyKind::ed25519);
  const ByteString signature = bytes_of_hex(kEdSignature);
  CHECK(key->verify(bytes_of_hex("72"), signature));
  CHECK_FALSE(key->verify(bytes_of_hex("73"), signature));
  CHECK_FALSE(key->verify_digest(HashKind::sha512, bytes_of_hex("72"), signature));
}

TEST_CASE("a key reads back from its DER and its PEM") {
  const auto key = PublicKey::from_ed25519(bytes_of_hex(kEdKey));
  REQUIRE(key.has_value());
  const auto again = PublicKey::from_der(key->spki());
  REQUIRE(again.has_value());
  CHECK(*again == *key);
  const std::string pem = key->pem();
  CHECK(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
  CHECK(pem.ends_with("-----END PUBLIC KEY-----\n"));
  const auto third = PublicKey::from_pem(as_bytes(pem));
  REQUIRE(third.has_value());
  CHECK(third->fingerprint() == key->fingerprint());
}

TEST_CASE("bytes behind a key, a cut key and a point off the curve are refused") {
  const auto key = PublicKey::from_ed25519(bytes_of_hex(kEdKey));
  REQUIRE(key.has_value());
  ByteString longer = key->spki();
  longer.push_back(std::byte{0});
  CHECK_FALSE(PublicKey::from_der(longer).has_value());
  CHECK_FALSE(PublicKey::from_der(Bytes(key->spki()).first(20)).has_value());
  CHECK_FALSE(PublicKey::from_der({}).has_value());
  CHECK_FALSE(PublicKey::from_ed25519(Bytes(key->spki()).first(31)).has_value());
  const ByteString off(65, std::byte{4});
  CHECK_FALSE(PublicKey::from_ec_point(KeyKind::ec_p256, off).has_value());
  CHECK_FALSE(PublicKey::from_pem(as_bytes("-----BEGIN PUBLIC KEY-----\nAA==\n")).has_value());
}

TEST_CASE("short RSA keys are not checked with") {
  const ByteString modulus(128, std::byte{0xF1});
  const auto key = PublicKey::from_rsa(modulus, bytes_of_hex("010001"));
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error().code == ParseErrc::unsupported);
}
