#include "formats/pickle/python_literal.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"

using namespace assay::pickle;
using assay::test::bytes;

TEST_CASE("what could move or hide text is escaped in a literal") {
  CHECK(repr_text("a\x1b[31m\n\t") == R"('a\x1b[31m\n\t')");
  CHECK(repr_text("\xe2\x80\xae") == R"('\u202e')");
  CHECK(repr_text("\xed\xa0\x80") == R"('\ud800')");
  CHECK(repr_text("\xed\xa0") == R"('\xed\xa0')");
  CHECK(repr_text("\xff") == R"('\xff')");
  CHECK(repr_bytes("\xff\n'") == R"(b"\xff\n'")");
  CHECK(repr_bytearray("\xff\n'") == R"(bytearray(b"\xff\n\'"))");
}

TEST_CASE("text is quoted as Python quotes it") {
  CHECK(repr_text("it's") == R"("it's")");
  CHECK(repr_text("it's \"so\"") == R"('it\'s "so"')");
  CHECK(repr_text("\xc3\xa9\\") == "'\xc3\xa9\\\\'");
  CHECK(repr_latin1("\xe9") == "'\xc3\xa9'");
}

TEST_CASE("numbers of any size are written as Python writes them") {
  CHECK(repr_integer(bytes("")) == "0");
  CHECK(repr_integer(bytes("00")) == "0");
  CHECK(repr_integer(bytes("80")) == "-128");
  CHECK(repr_integer(bytes("ff 00")) == "255");
  CHECK(repr_integer(bytes("6c fc 9c 46 f9 20 6a a8 50 19")) == "119547037146038801333356");
  CHECK(repr_integer(bytes("00 00 00 00 00 00 00 00 00 ff")) == "-4722366482869645213696");
  CHECK(repr_real(100000.0) == "100000.0");
  CHECK(repr_real(1e16) == "1e+16");
  CHECK(repr_real(0.00001) == "1e-05");
  CHECK(repr_real(-0.0) == "-0.0");
  CHECK(repr_real(0.1) == "0.1");
}
