#include <catch2/catch.hpp>

#include "formats/pickle/code_regions.h"
#include "formats/pickle/test_support.h"

// What of a stream is told to be read as code.
using namespace assay;
using namespace assay::pickle::test;

namespace {

// `count` times the same opcodes.
std::string many(int count, std::string_view opcodes) {
  std::string out;
  for (int i = 0; i < count; ++i) out += opcodes;
  return out;
}

bool is_told(const Parse& parsed, std::size_t offset, std::size_t size) {
  for (const auto& [begin, length] : parsed.context.code) {
    if (begin <= offset && offset + size <= begin + length) return true;
  }
  return false;
}

std::uint64_t told_bytes(const Parse& parsed) {
  std::uint64_t all = 0;
  for (const auto& [begin, length] : parsed.context.code) all += length;
  return all;
}

bool is_told(std::string_view stream, std::string_view what) {
  const Parse parsed = parse(stream);
  REQUIRE(parsed.result.has_value());
  CHECK(told_bytes(parsed) < stream.size() / 2);
  const std::size_t at = stream.find(what);
  return is_told(parsed, at, what.size());
}

const std::string kNumbers = many(20'000, lit("J\x01\x02\x03\x04"
                                              "0"));

}  // namespace

TEST_CASE("a small pickle is code from end to end") {
  const Parse parsed = parse("\x80\x02" +
                             many(300, lit("K\x01"
                                           "0")) +
                             "N.");
  REQUIRE(parsed.context.code.size() == 1);
  CHECK(is_told(parsed, 0, 904));
}

TEST_CASE("long stretches of numbers are not read as code") {
  const std::string frames = many(1'000, lit("\x95\x02\0\0\0\0\0\0\0N0"));
  const Parse parsed = parse("\x80\x04" + kNumbers + frames + "N.");
  REQUIRE(parsed.result.has_value());
  CHECK(told_bytes(parsed) < 20'000);
  CHECK(is_told(parsed, 0, 2));
}

TEST_CASE("whatever is new among numbers is read as code") {
  const std::string_view news[] = {
      lit("X\x04\0\0\0"
          "evil"
          "0"),
      lit("C\x04"
          "evil"
          "0"),
      lit("B\x04\0\0\0"
          "evil"
          "0"),
      lit("T\x04\0\0\0"
          "evil"
          "0"),
      lit("\x96\x04\0\0\0\0\0\0\0"
          "evil"
          "0"),
      lit("S'evil'\n0"),
      lit("S'evi\\x6c'\n0"),
      lit("Vevil\n0"),
      lit("cevil\nevil\n0"),
      lit("(ievil\nevil\n0"),
      lit("Pevil\n0"),
      lit("I5\0evil\n0"),
      lit("L12345678901234567890L\n0"),
      lit("\x8a\x0a"
          "evil__live"
          "0"),
      lit("Np7\0evil\n0"),
      lit("\x8c\x04"
          "evil"
          "\x8c\x04"
          "live"
          "\x93"
          ")R0"),
  };
  for (const std::string_view opcodes : news) {
    CAPTURE(opcodes);
    CHECK(is_told("\x80\x02" + kNumbers + std::string(opcodes) + kNumbers + "N.", opcodes));
  }
}

TEST_CASE("names and calls that stood there before are not read again") {
  const std::string call =
      "cq\nz\n)R0\x8c\x04"
      "evil0";
  const std::string stream = "\x80\x02" + many(10'000, call) + "N.";
  const Parse parsed = parse(stream);
  REQUIRE(parsed.result.has_value());
  CHECK(is_told(parsed, 0, 5 * call.size()));
  CHECK(told_bytes(parsed) < 20'000);
}

TEST_CASE("what stands behind the last pickle, or an error, is read as code") {
  const std::string front = "\x80\x02" + kNumbers;
  const std::string behind = many(2'000, "evil");
  const Parse trailing = parse(front + "N." + behind);
  CHECK(is_told(trailing, front.size() + 2, behind.size()));
  const Parse broken = parse(front + "\xff" + behind);
  CHECK_FALSE(broken.result.has_value());
  CHECK(is_told(broken, front.size() + 1, behind.size()));
}
