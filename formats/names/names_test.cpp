#include "formats/names/names.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"

using namespace assay;

TEST_CASE("an extension promises formats, an unknown one nothing") {
  const auto pkl = names::extension_entry("a/model.PKL");
  REQUIRE(pkl);
  CHECK(pkl->promise == names::Promise::code);
  CHECK(pkl->allows("joblib"));
  CHECK_FALSE(pkl->allows("safetensors"));
  CHECK_FALSE(pkl->allows("pick"));
  CHECK(names::extension_entry("x.bin")->allows("anything"));
  CHECK_FALSE(names::extension_entry("x.unheard-of"));
  CHECK_FALSE(names::extension_entry("noext"));
}

TEST_CASE("formats without a parser are named by their signature") {
  CHECK(names::known_signature(test::bytes("89 48 44 46 0d 0a 1a 0a 00")) == "hdf5");
  CHECK(names::known_signature(test::raw(std::string_view("\x1c\0\0\0TFL3", 8))) == "tflite");
  CHECK_FALSE(names::known_signature(test::raw("hello")));
  CHECK_FALSE(names::known_signature({}));
}

TEST_CASE("two letters MZ make no program") {
  CHECK_FALSE(names::known_signature(test::raw("MZ is a name" + std::string(100, ' '))));
  auto pe = test::raw(std::string(0x44, '\0'));
  pe[0] = std::byte{'M'};
  pe[1] = std::byte{'Z'};
  pe[0x3C] = std::byte{0x40};
  pe[0x40] = std::byte{'P'};
  pe[0x41] = std::byte{'E'};
  CHECK(names::known_signature(pe) == "pe");
}
