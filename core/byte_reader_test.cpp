#include "core/byte_reader.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"

using namespace assay;
using test::bytes;

TEST_CASE("numbers are read in the byte order asked for") {
  const auto data = bytes("01 02 03 04 05 06 07 08");
  ByteReader in{data};
  CHECK(in.le<std::uint16_t>() == 0x0201);
  CHECK(in.be<std::uint16_t>() == 0x0304);
  CHECK(in.le<std::uint32_t>() == 0x08070605);
  CHECK(in.remaining() == 0);
  CHECK(in.ok());
}

TEST_CASE("the first read past the end is remembered and later reads give nothing") {
  const auto data = bytes("01 02 03");
  ByteReader in{data, 100};
  CHECK(in.u8() == 1);
  CHECK(in.le<std::uint32_t>() == 0);
  CHECK(in.u8() == 0);
  CHECK(in.take(1).empty());
  REQUIRE(in.error());
  CHECK(in.error()->code == ParseErrc::truncated);
  CHECK(in.error()->offset == 101);
  CHECK(in.error()->message == "truncated at byte 101: needs 4 bytes, 2 left");
}

TEST_CASE("a length near 2^64 cannot wrap around") {
  const auto data = bytes("ff ff ff ff ff ff ff ff 00");
  ByteReader in{data};
  const auto size = in.le<std::uint64_t>();
  CHECK(in.take(size).empty());
  CHECK(in.error()->offset == 8);
}

TEST_CASE("take_until stops before the delimiter and fails without one") {
  const auto data = test::raw("os\nsystem");
  ByteReader in{data};
  CHECK(as_text(in.take_until(std::byte{'\n'})) == "os");
  CHECK(in.take_until(std::byte{'\n'}).empty());
  CHECK(in.error()->offset == 3);
}
