#include <catch2/catch.hpp>

#include "formats/pickle/opcode.h"
#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

struct Row {
  std::string_view value;  // opcodes that leave one value on the stack
  std::string_view text;   // as the argument of a call shows it
};

const Row kValues[] = {
    {lit("N"), "None"},
    {lit("\x88"), "True"},
    {lit("\x89"), "False"},
    {lit("I01\n"), "True"},
    {lit("I00\n"), "False"},
    {lit("I-12\n"), "-12"},
    {lit("I0x1f\n"), "31"},
    {lit("I010\n"), "8"},
    {lit("I5\0junk\n"), "5"},
    {lit("J\xff\xff\xff\xff"), "-1"},
    {lit("K\xff"), "255"},
    {lit("M\x01\x02"), "513"},
    {lit("L7L\n"), "7"},
    {lit("L7\n"), "7"},
    {lit("\x8a\x00"), "0"},
    {lit("\x8a\x01\xff"), "-1"},
    {lit("\x8a\x02\xff\x00"), "255"},
    {lit("\x8a\x0a\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"), "..."},
    {lit("\x8b\x01\x00\x00\x00\x05"), "5"},
    {lit("F1.5\n"), "1.5"},
    {lit("G?\xf8\0\0\0\0\0\0"), "1.5"},
    {lit("S'it'\n"), "'it'"},
    {lit("S\"a\\x41\\101\\n\\'\"\n"), "\"aAA\\n'\""},
    {lit("T\x02\0\0\0hi"), "'hi'"},
    {lit("U\x02hi"), "'hi'"},
    {lit("Vs\\u0079s\\U00000074\n"), "'syst'"},
    {lit("V\xe9\n"), "'\xc3\xa9'"},
    {lit("V\\\\u0041\n"), "'\\\\\\\\u0041'"},
    {lit("X\x02\0\0\0hi"), "'hi'"},
    {lit("\x8c\x02hi"), "'hi'"},
    {lit("\x8d\x02\0\0\0\0\0\0\0hi"), "'hi'"},
    {lit("B\x02\0\0\0hi"), "b'hi'"},
    {lit("C\x02hi"), "b'hi'"},
    {lit("\x8e\x02\0\0\0\0\0\0\0hi"), "b'hi'"},
    {lit("\x96\x02\0\0\0\0\0\0\0hi"), "bytearray(b'hi')"},
    {lit("\x97"), "..."},
    {lit("\x97\x98"), "..."},
    {lit(")"), "()"},
    {lit("]"), "[]"},
    {lit("}"), "{}"},
    {lit("\x8f"), "{}"},
    {lit("(K\x01K\x02t"), "(1, 2)"},
    {lit("K\x01\x85"), "(1,)"},
    {lit("K\x01K\x02\x86"), "(1, 2)"},
    {lit("K\x01K\x02K\x03\x87"), "(1, 2, 3)"},
    {lit("(K\x01K\x02l"), "[1, 2]"},
    {lit("(K\x01K\x02"
         "d"),
     "{1: 2}"},
    {lit("(K\x01\x91"), "frozenset({1})"},
    {lit("]K\x01"
         "a"),
     "[1]"},
    {lit("](K\x01K\x02"
         "e"),
     "[1, 2]"},
    {lit("}K\x01K\x02s"), "{1: 2}"},
    {lit("}(K\x01K\x02u"), "{1: 2}"},
    {lit("\x8f(K\x01\x90"), "{1}"},
    {lit("K\x01"
         "0K\x02"),
     "2"},
    {lit("(0K\x02"), "2"},
    {lit("(K\x01"
         "1K\x02"),
     "2"},
    {lit("K\x01"
         "2\x86"),
     "(1, 1)"},
    {lit("K\x07p5\n0g5\n"), "7"},
    {lit("K\x07q\x05"
         "0h\x05"),
     "7"},
    {lit("K\x07r\x05\0\0\0"
         "0j\x05\0\0\0"),
     "7"},
    {lit("K\x07\x94"
         "0h\x00"),
     "7"},
    {lit("cq\nz\n"), "q.z"},
    {lit("\x8c\x01q\x8c\x01z\x93"), "q.z"},
    {lit("Pabc\n"), "persistent_load('abc')"},
    {lit("K\x01Q"), "persistent_load(1)"},
    {lit("cq\nz\nK\x01\x85R"), "q.z(1)"},
    {lit("cq\nz\nK\x01\x85\x81"), "q.z(1)"},
    {lit("cq\nz\nK\x01\x85}\x92"), "q.z(1, {})"},
    {lit("(cq\nz\nK\x01o"), "q.z(1)"},
    {lit("(K\x01iq\nz\n"), "q.z(1)"},
    {lit("cq\nz\n)\x81}b"), "q.z()"},
    {lit("\x82\x05"), "..."},
    {lit("\x83\x05\x01"), "..."},
    {lit("\x84\x05\0\0\0"), "..."},
};

}  // namespace

TEST_CASE("every opcode leaves the value that the unpickler would") {
  for (const Row& row : kValues) {
    CAPTURE(row.text);
    const Parse parsed = parse(
        "\x80\x05"
        "cf\ng\n" +
        std::string(row.value) + "\x85R.");
    CHECK(parsed.result.has_value());
    const auto shown = calls(parsed);
    REQUIRE_FALSE(shown.empty());
    CHECK(shown.back() == "f.g(" + std::string(row.text) + ")");
  }
}

// Behind it so much that the fast loop does it all (machine_sprint.cpp), and before it so
// often that calls are ones that were told.
TEST_CASE("every opcode does the same among many") {
  for (const Row& row : kValues) {
    CAPTURE(row.text);
    std::string stream = "\x80\x05";
    for (int i = 0; i < 10; ++i) stream += std::string(row.value) + "0";
    stream += "cf\ng\n" + std::string(row.value) + "\x85R0";
    for (int i = 0; i < 20; ++i) stream += "N0";
    const Parse parsed = parse(stream + "N.");
    CHECK(parsed.result.has_value());
    CHECK_FALSE(parsed.context.has_anomaly("pickle.leftover-stack"));
    const auto shown = calls(parsed);
    REQUIRE_FALSE(shown.empty());
    CHECK(shown.back() == "f.g(" + std::string(row.text) + ")");
    CHECK(shown.size() <= 9);  // four of each kind of call, and f.g
  }
}

TEST_CASE("the table of opcodes has 68 names") {
  int count = 0;
  for (int byte = 0; byte < 256; ++byte) {
    count += pickle::info_of(static_cast<std::uint8_t>(byte)).name.empty() ? 0 : 1;
  }
  CHECK(count == 68);
}
