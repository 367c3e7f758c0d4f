#include "formats/json/json.h"

#include <simdjson.h>

#include <catch2/catch.hpp>
#include <tuple>

using namespace assay;
using json::Kind;
using json::Reader;
using namespace std::string_literals;

namespace {

struct Read {
  explicit Read(std::string_view text, std::uint64_t base = 0) {
    Budget budget;
    Reader reader(as_bytes(text), base, budget);
    for (json::Token t = reader.next(); t.kind != Kind::end; t = reader.next()) {
      kinds.push_back(t.kind);
      tokens.push_back(t);
    }
    duplicates = reader.take_duplicates();
    error = reader.error();
  }
  std::vector<Kind> kinds;
  std::vector<json::Token> tokens;
  std::vector<json::DuplicateKey> duplicates;
  std::optional<ParseError> error;
};

std::string repeated(std::string_view unit, std::size_t count) {
  std::string out;
  out.reserve(unit.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += unit;
  return out;
}

}  // namespace

TEST_CASE("text that is not strict JSON is refused where it goes wrong") {
  const auto [text, offset] = GENERATE(table<std::string, std::uint64_t>({
      {"", 0},
      {"   ", 3},
      {"\xEF\xBB\xBF{}", 0},
      {"{\"a\":NaN}", 5},
      {"[Infinity]", 1},
      {"[-]", 1},
      {"[+1]", 1},
      {"[01]", 1},
      {"[1.]", 1},
      {"[.5]", 1},
      {"[1e]", 1},
      {"[0x10]", 2},
      {"[1,]", 3},
      {"[,1]", 1},
      {"[1 2]", 3},
      {"{,}", 1},
      {"{\"a\":1,}", 7},
      {"{\"a\" 1}", 5},
      {"{a:1}", 1},
      {"{'a':1}", 1},
      {"[1}", 2},
      {"{\"a\":1]", 6},
      {"[] x", 3},
      {"[]]", 2},
      {"// c\n[]", 0},
      {"[\"\\x41\"]", 2},
      {"[\"\\u12g4\"]", 2},
      {"[\"\\u-123\"]", 2},
      {"[\"\\u+123\"]", 2},
      {"[\"\\ud800\"]", 2},
      {"[\"\\udc00\"]", 2},
      {"[\"\\ud800\\u0041\"]", 2},
      {"[\"\\ud800\\ud800\"]", 2},
      {"[\"\\u12", 2},
      {"[\"\\", 2},
      {"[\"a\tb\"]", 3},
      {"[\"a\nb\"]", 3},
      {"[\"ab", 4},
      {"[tru]", 1},
      {"[\"\xC0\x80\"]", 2},
      {"[\"\xED\xA0\x80\"]", 2},
      {"[\"\xFF\"]", 2},
  }));
  CAPTURE(text);
  const Read read(text);
  REQUIRE(read.error.has_value());
  CHECK(read.error->offset == offset);
}

TEST_CASE("NUL behind the value and inside a string is refused") {
  CHECK(Read(std::string_view("{}\0", 3)).error->offset == 2);
  CHECK(Read(std::string_view("[\"\0\"]", 5)).error->offset == 2);
  CHECK(Read(std::string_view("[\"\\\0\"]", 6)).error->offset == 2);
}

TEST_CASE("ten million levels of nesting end at the depth limit") {
  const std::string text = repeated("[", 10'000'000);
  const Read read(text);
  REQUIRE(read.error.has_value());
  CHECK(read.error->code == ParseErrc::over_budget);
  CHECK(read.error->offset == Reader::kMaxDepth);
  CHECK_FALSE(Read(repeated("[", 127) + repeated("]", 127)).error.has_value());
  CHECK(Read(repeated("[", 128) + repeated("]", 128)).error.has_value());
}

TEST_CASE("values are paid from the budget") {
  Limits limits;
  limits.nodes = 3;
  Budget budget(limits);
  Reader reader(as_bytes("[1,2,3,4]"), 0, budget);
  while (reader.next().kind != Kind::end) continue;
  REQUIRE(reader.error().has_value());
  CHECK(reader.error()->code == ParseErrc::over_budget);
}

TEST_CASE("duplicate keys are found in every object, after unescaping") {
  const auto [text, first, later] = GENERATE(table<std::string, std::uint64_t, std::uint64_t>({
      {R"({"a":1,"a":2})", 2, 8},
      {R"({"a":1,"\u0061":2})", 2, 8},
      {R"({"\u0061":1,"a":2})", 2, 13},
      {R"({"x":{"a":1,"b":2,"a":3}})", 7, 19},
      {R"([{"":1,"":2}])", 3, 8},
      {R"({"\ud83d\ude00":1,"😀":2})", 2, 19},
  }));
  CAPTURE(text);
  const Read read(text);
  CHECK_FALSE(read.error.has_value());
  REQUIRE(read.duplicates.size() == 1);
  CHECK(read.duplicates[0].first_offset == first);
  CHECK(read.duplicates[0].offset == later);
}

TEST_CASE("the same key in different objects is no duplicate") {
  const auto text = GENERATE(as<std::string>{}, R"([{"a":1},{"a":2}])", R"({"a":{"a":{"a":1}}})",
                             R"({"a":1,"A":2,"a ":3})", R"({"a":"a","b":"a"})");
  CAPTURE(text);
  CHECK(Read(text).duplicates.empty());
}

TEST_CASE("a flood of duplicate keys stops the reader instead of filling memory") {
  const Read read("{" + repeated("\"a\":0,", 100'000) + "\"a\":0}");
  REQUIRE(read.error.has_value());
  CHECK(read.error->code == ParseErrc::over_budget);
}

TEST_CASE("tokens carry their kind, place and spelling") {
  const Read read(R"( {"k":[1,-2.5e3,true,null,"v\n"]} )", 100);
  CHECK_FALSE(read.error.has_value());
  CHECK(read.kinds == std::vector<Kind>{Kind::object_begin, Kind::key, Kind::array_begin,
                                        Kind::number, Kind::number, Kind::boolean, Kind::null,
                                        Kind::string, Kind::array_end, Kind::object_end});
  CHECK(read.tokens[1].offset == 103);
  CHECK(read.tokens[4].raw == "-2.5e3");
  CHECK(json::text_of(read.tokens[7]) == "v\n");
}

TEST_CASE("escapes become the characters they stand for") {
  const Read read(R"(["\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00\u0000"])");
  CHECK(json::text_of(read.tokens[1]) == "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0"s);
}

TEST_CASE("integers are exact or nothing") {
  const Read read(
      "[0,18446744073709551615,18446744073709551616,-1,-9223372036854775808,1.0,1e2,-0]");
  const auto& t = read.tokens;
  CHECK(json::uint64_of(t[1]) == 0);
  CHECK(json::uint64_of(t[2]) == 18446744073709551615ULL);
  CHECK_FALSE(json::uint64_of(t[3]).has_value());
  CHECK_FALSE(json::int64_of(t[2]).has_value());
  CHECK_FALSE(json::uint64_of(t[4]).has_value());
  CHECK(json::int64_of(t[4]) == -1);
  CHECK(json::int64_of(t[5]) == std::numeric_limits<std::int64_t>::min());
  for (std::size_t i = 6; i <= 8; ++i) {
    CHECK_FALSE(json::uint64_of(t[i]).has_value());
    CHECK_FALSE(json::int64_of(t[i]).has_value());
  }
}

TEST_CASE("skip steps over a whole value and still sees the duplicates in it") {
  Budget budget;
  Reader reader(as_bytes(R"({"a":{"b":[1,{"c":2,"c":3}]},"d":4})"), 0, budget);
  reader.next();
  reader.next();
  reader.skip(reader.next());
  CHECK(reader.take_duplicates().size() == 1);
  CHECK(reader.next().raw == "d");
  CHECK(reader.depth() == 1);
}

TEST_CASE("an independent reader agrees on what is JSON") {
  const auto text = GENERATE(as<std::string>{}, "{}", "[]", "\"a\"", "1", "-1.5e-3", "true",
                             "{\"a\":[{},[],null]}", "[1,]", "{\"a\"}", "[\"\\ud800\"]", "nul",
                             "[\"\\u0000\"]", "[1]x", "[\"\x7f\"]", "", "[\"\\a\"]", "-", "00");
  CAPTURE(text);
  simdjson::dom::parser parser;
  const bool theirs = parser.parse(simdjson::padded_string(text)).error() == simdjson::SUCCESS;
  CHECK(theirs == !Read(text).error.has_value());
}
