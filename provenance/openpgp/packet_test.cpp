#include "provenance/openpgp/packet.h"

#include <catch2/catch.hpp>

#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/key.h"
#include "provenance/openpgp/signature.h"
#include "tests/support/hex.h"

using namespace assay;
using namespace assay::provenance;

TEST_CASE("packets are split in both framings") {
  const auto bytes =
      test::bytes("88 01 aa  89 0001 bb  8a 00000001 cc  c2 01 dd  c2 ff 00000001 ee");
  const auto packets = openpgp::split_packets(bytes);
  REQUIRE(packets.has_value());
  REQUIRE(packets->size() == 5);
  for (const auto& packet : *packets) {
    CHECK(packet.tag == openpgp::Tag::signature);
    CHECK(packet.body.size() == 1);
  }
  auto longer = test::bytes("c2 c0 00");
  longer.resize(3 + 192);
  CHECK(openpgp::split_packets(longer)->front().body.size() == 192);
}

TEST_CASE("a packet that is cut, or whose length is not at its front, is refused") {
  for (const char* hex : {"08", "88", "88 02 aa", "8b aa", "c2 e0 aa", "c2 ff ffffffff", "89 00"}) {
    CAPTURE(hex);
    CHECK_FALSE(openpgp::split_packets(test::bytes(hex)).has_value());
  }
}

TEST_CASE("a number says exactly how many bits it has") {
  const auto size_of = [](const char* hex) {
    const auto bytes = test::bytes(hex);
    ByteReader in(bytes);
    return openpgp::take_mpi(in).size();
  };
  CHECK(size_of("0009 01ff") == 2);
  CHECK(size_of("0008 ff") == 1);
  CHECK(size_of("0007 ff") == 0);
  CHECK(size_of("0008 7f") == 0);
  CHECK(size_of("0000") == 0);
  CHECK(size_of("ffff 01") == 0);
}

TEST_CASE("armour is taken with its checksum or without, and with no other") {
  const auto taken = [](std::string text) {
    std::string_view rest = text;
    return openpgp::take_armor(rest, "PGP SIGNATURE").has_value();
  };
  const std::string begin = "-----BEGIN PGP SIGNATURE-----\n";
  const std::string end = "-----END PGP SIGNATURE-----\n";
  CHECK(taken(begin + "\naGVsbG8=\n" + end));
  CHECK(taken(begin + "Version: 1\r\nComment: \n\t\naGVs\nbG8=\n=R/WK\n" + end));
  CHECK_FALSE(taken(begin + "\naGVsbG8=\n=R/WA\n" + end));
  CHECK_FALSE(taken(begin + "aGVsbG8=\n" + end));
  CHECK_FALSE(taken(begin + "\naGVsbG8=\n"));
  CHECK_FALSE(taken(begin + "\n" + begin + "\naGVsbG8=\n" + end + end));
  CHECK_FALSE(taken("x" + begin + "\naGVsbG8=\n" + end));
  CHECK_FALSE(taken(begin + "\naGVs_G8=\n" + end));
}

TEST_CASE("signatures of other versions are unsupported, broken ones malformed") {
  const auto code_of = [](const char* hex) {
    const auto signature = openpgp::parse_signature(test::bytes(hex));
    return signature ? ParseErrc::timeout : signature.error().code;
  };
  const auto whole = "04 00 01 08 0006 05 02 00000001 0000 abcd 0001 01";
  CHECK(openpgp::parse_signature(test::bytes(whole)).has_value());
  CHECK(code_of("03 05 00") == ParseErrc::unsupported);
  CHECK(code_of("06 00 01 08") == ParseErrc::unsupported);
  CHECK(code_of("") == ParseErrc::malformed);
  CHECK(code_of("04 00 01 08 0000 0000 abcd 0001 01") == ParseErrc::malformed);  // no time
  CHECK(code_of("04 00 01 08 000c 0502 00000001 0502 00000002 0000 abcd 0001 01") ==
        ParseErrc::malformed);  // two times
  CHECK(code_of("04 00 01 08 0006 05 02 00000001 0000 abcd 0001 01 00") == ParseErrc::malformed);
  CHECK(code_of("04 00 01 08 0008 05 02 00000001 01 e4 0000 abcd 0001 01") ==
        ParseErrc::unsupported);  // critical, unknown
  CHECK(code_of("04 00 01 08 0007 05 02 00000001 09 0000 abcd 0001 01") == ParseErrc::malformed);
}

TEST_CASE("a secret key, a signature and nothing are no public keys") {
  for (const char* hex : {"", "95 01 04", "88 01 04", "99 0001 03", "41"}) {
    CAPTURE(hex);
    CHECK_FALSE(openpgp::parse_keys(test::bytes(hex)).has_value());
  }
}
