#include "provenance/sshsig/signature.h"

#include <catch2/catch.hpp>

#include "provenance/crypto/ecdsa_der.h"
#include "provenance/sshsig/wire.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance;

namespace {

// Made with ssh-keygen over "hello\n" in the namespace "git".
constexpr const char* kEd25519 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgacEfkISj+3I/Uqd6anjE/fT6sD\n"
    "QEnXb3Xqn7tg7OCOUAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
    "AAAAQNyOHtbVujnwK23aIyHe+Xhfaas3UmcsCkYSTt38xBu/XBYEZ3kHP5FZtiP1NvKi2A\n"
    "PoWZMoE1LWxhNufJWgvwk=\n"
    "-----END SSH SIGNATURE-----\n";
constexpr const char* kP256 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE\n"
    "EE47AraHfdQRus0Iy8u6RF5SbFuOANGZOJBKLYVDDDQIqrY2k/+vj4fHIkp99ANgYBq6F7\n"
    "HHM0FRVIrSblzT7utAAAAANnaXQAAAAAAAAABnNoYTUxMgAAAGUAAAATZWNkc2Etc2hhMi\n"
    "1uaXN0cDI1NgAAAEoAAAAhAPeTgTcob1mCzJqRUIT+IZMRXjwKH3KDfl7S27pI95sTAAAA\n"
    "IQDEvIXoouUShOnmWiawi87U7cuiRoSQ6FCmtGAKELdqaA==\n"
    "-----END SSH SIGNATURE-----\n";
constexpr const char* kP384 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAG\n"
    "EE3NqvbLUqZb7XRdk3tfY8n7eqiCMSRx5yx444S6L7bGQ4BSjiDryXwb2CuCQNoiifMdWH\n"
    "GIbpilASJ44tz5uWBLaaxPmxO0LCToECbRbyWrCqwA06r0UDUFmq2gBAvZRzAAAAA2dpdA\n"
    "AAAAAAAAAGc2hhNTEyAAAAhQAAABNlY2RzYS1zaGEyLW5pc3RwMzg0AAAAagAAADEAm3QU\n"
    "QtpSyzhLHUUGLidMgJGNhCQAt0tpK/88e4cF7Tx+HXXv57e0K/d9HIo9jIuyAAAAMQD6c+\n"
    "aApN1y8Jn3o7hbmgD1NAI7OSuGoUACCcLCILKded5unKGojyYCzbYlSw/+qJY=\n"
    "-----END SSH SIGNATURE-----\n";
constexpr const char* kP521 =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAKwAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAAhuaXN0cDUyMQAAAI\n"
    "UEAb0G0p5YrrQCrB7N9v6RWXmpc+X4rH/6qKw5sk3gZBgqWGsUUITr8i6OXoKlTdxhfViS\n"
    "e+4WBnL+2Jevb0hqXxC9ATMQ1MXBjkwjaKTaZ94eyjGE8Vllslh941uMxzNVUVRqX84hWE\n"
    "dBcEcKX3KeyYZdTm0GoGI+aKFDnIusAxlTT0V/AAAAA2dpdAAAAAAAAAAGc2hhNTEyAAAA\n"
    "pgAAABNlY2RzYS1zaGEyLW5pc3RwNTIxAAAAiwAAAEFDPgDr8Ps0/rdCssGgru2zvvIsZO\n"
    "7wysrYpt0Zgne4vGWtD8XbPfN5fm92TKmTp3OIcHj1NECMcTMY0Z9NDi3qiwAAAEIA6gsX\n"
    "wFTYYAySUQlwXk7Xn90OhhrfMM2b3r98tKTKxrRlVtQiCu9fdID+eIjMUGnz1aGV78FPq9\n"
    "msBf33adiq2jE=\n"
    "-----END SSH SIGNATURE-----\n";
constexpr std::string_view kMessage = "hello\n";

bool accepts(Bytes blob) {
  const auto signature = sshsig::parse_signature(blob);
  if (!signature) return false;
  const auto key = sshsig::parse_key(signature->key_blob);
  return key && sshsig::verify(*signature, *key, as_bytes(kMessage)).value_or(false);
}

}  // namespace

TEST_CASE("signatures of each kind of key verify, and with one bit changed none does") {
  const auto armor = GENERATE(as<std::string>{}, kEd25519, kP256, kP384, kP521);
  auto blob = sshsig::parse_armor(armor);
  REQUIRE(blob.has_value());
  CHECK(accepts(*blob));
  for (std::byte& byte : *blob) {
    byte ^= std::byte{1};
    // A key of another value is another key: the namesake must not be the same one.
    CHECK_FALSE(accepts(*blob));
    byte ^= std::byte{1};
  }
  CHECK_FALSE(accepts(Bytes(*blob).first(blob->size() - 1)));
  blob->push_back(std::byte{0});
  CHECK_FALSE(accepts(*blob));
}

TEST_CASE("the armour holds one base64 text and nothing else") {
  CHECK(sshsig::parse_armor(kEd25519).has_value());
  for (const std::string& armor :
       {"x" + std::string(kEd25519), std::string(kEd25519) + "x",
        std::string(sshsig::kArmorBegin) + "\n" + std::string(sshsig::kArmorEnd),
        std::string(sshsig::kArmorBegin) + "\nA?==\n" + std::string(sshsig::kArmorEnd),
        std::string(sshsig::kArmorBegin) + "\n_-==\n" + std::string(sshsig::kArmorEnd),
        std::string()}) {
    CAPTURE(armor);
    CHECK_FALSE(sshsig::parse_armor(armor).has_value());
  }
}

TEST_CASE("keys on tokens, certificates and DSA are said to be unsupported") {
  for (const std::string_view type :
       {"sk-ssh-ed25519@openssh.com", "ssh-dss", "ssh-ed25519-cert-v01@openssh.com"}) {
    ByteString blob(3);
    blob.push_back(static_cast<std::byte>(type.size()));
    for (const char c : type) blob.push_back(static_cast<std::byte>(c));
    const auto key = sshsig::parse_key(blob);
    REQUIRE_FALSE(key.has_value());
    CHECK(key.error().code == ParseErrc::unsupported);
  }
}

TEST_CASE("one number has one encoding on the wire") {
  const auto size_of = [](std::string_view hex) {
    const auto bytes = test::bytes(hex);
    ByteReader in(bytes);
    return sshsig::take_mpint(in).size();
  };
  CHECK(size_of("00000001 7f") == 1);
  CHECK(size_of("00000002 0080") == 1);
  CHECK(size_of("00000001 80") == 0);    // negative
  CHECK(size_of("00000002 007f") == 0);  // a zero too many
  CHECK(size_of("00000001 00") == 0);
  CHECK(size_of("00000000") == 0);
  CHECK(size_of("ffffffff 01") == 0);
}

TEST_CASE("ECDSA numbers become DER, positive and without zeros in front") {
  CHECK(*ecdsa_der(test::bytes("0001"), test::bytes("80")) == test::bytes("3007 020101 02020080"));
  const ByteString long_number(66, std::byte{1});
  CHECK(ecdsa_der(long_number, long_number)->at(1) == std::byte{0x81});
  CHECK_FALSE(ecdsa_der({}, long_number).has_value());
  CHECK_FALSE(ecdsa_der(ByteString(67), long_number).has_value());
}
