#include "core/text.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"

using namespace assay;

TEST_CASE("what could move a terminal's cursor or reorder text is spelled out") {
  CHECK(escaped("a\x1b[31mb\n\x7f") == "a\\x1b[31mb\\n\\x7f");
  CHECK(escaped("exe\u202etxt.\u200b") == "exe\\u202etxt.\\u200b");
  CHECK(escaped("\xc2\x9b") == "\\x9b");
  CHECK(escaped("modèle 模型") == "modèle 模型");
  CHECK(escaped("\U000E0041") == "\\U000e0041");
}

TEST_CASE("bytes that are no UTF-8 are shown as hex and leave valid UTF-8") {
  CHECK(escaped("\xff\xfe") == "\\xff\\xfe");
  CHECK(escaped("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(escaped("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(is_utf8(escaped("ok\xf0\x9f\x98")));
}

TEST_CASE("machine-readable text keeps every character and only spells out invalid bytes") {
  CHECK(to_utf8("a\x1b\n\u202e") == "a\x1b\n\u202e");
  CHECK(to_utf8("\xff"
                "a\xe6\xa8") ==
        "\\xff"
        "a\\xe6\\xa8");
  CHECK(escaped(to_utf8("\xff\x1b\u202e\\")) == escaped("\xff\x1b\u202e\\"));
}

TEST_CASE("shortening never cuts a character in two") {
  CHECK(shortened("abcdef", 6) == "abcdef");
  CHECK(shortened("abcdef", 3) == "abc...");
  CHECK(shortened("aé", 2) == "a...");
}

TEST_CASE("text is told from binary by content") {
  CHECK(looks_like_text(as_bytes("hello\nworld\t")));
  CHECK(looks_like_text(as_bytes("cut \xe6\xa8")));
  CHECK_FALSE(looks_like_text(as_bytes(std::string_view("a\0b", 3))));
  CHECK_FALSE(looks_like_text(as_bytes("\x80\x04\x95")));
}

TEST_CASE("extensions and base names are taken from the last component") {
  CHECK(extension_of("a.b/model.PT") == ".pt");
  CHECK(extension_of(".gitignore").empty());
  CHECK(extension_of("a.b/c").empty());
  CHECK(base_name("a/b/c.pkl") == "c.pkl");
}

TEST_CASE("hex is lower case") { CHECK(hex(test::bytes("00 AF")) == "00af"); }
