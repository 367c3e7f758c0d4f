#include "formats/text/text.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"
#include "tests/support/range_source.h"
#include "tests/support/recording_context.h"

using namespace assay;
using test::Parse;
using test::raw;

namespace {
Confidence bid(std::string_view content) {
  return text::format.identify(Probe{.head = as_bytes(content), .size = content.size()});
}
}  // namespace

TEST_CASE("binary is not text, however it begins") {
  CHECK(bid(std::string_view("a\0b", 3)) == Confidence::none);
  CHECK(bid("\x80\x04\x95\x01") == Confidence::none);
  CHECK_FALSE(Parse(text::format, raw(std::string(5000, 'a') + std::string(1, '\0'))).result);
}

TEST_CASE("text in UTF-8 and in an 8-bit encoding is text") {
  CHECK(bid("{\"a\": \"\xc3\xa9\"}\n") == Confidence::possible);
  CHECK(Parse(text::format, raw("caf\xe9 au lait")).result);
}

TEST_CASE("brackets nested deeper than readers of JSON survive are a gap") {
  const auto gaps = [](const std::string& text) {
    return Parse(text::format, raw(text)).context.gaps;
  };
  const std::string thousand(1000, '[');
  CHECK(gaps(thousand + std::string(1000, ']')).empty());
  const auto deep = gaps(" {\"a\": \"]]\\\"\", \"b\":" + thousand);
  REQUIRE(deep.size() == 1);
  CHECK(deep[0].code == ParseErrc::over_budget);
  CHECK(deep[0].offset == 1018);
  CHECK(gaps("\"" + thousand + "[").empty());
  CHECK(gaps("[\"" + thousand + thousand + "\"]").empty());
}

TEST_CASE("all of a text bears code, scripts are named as such") {
  const Parse parse(text::format, raw("#!/usr/bin/env python3\nprint(1)\n"));
  REQUIRE(parse.result);
  REQUIRE(parse.context.code.size() == 1);
  CHECK(parse.context.code[0].size == 32);
  REQUIRE(parse.context.all<CodeBlob>().size() == 1);
  CHECK(parse.context.all<CodeBlob>()[0].language == "python");
  CHECK(Parse(text::format, raw("x"), "modeling.py").context.all<CodeBlob>().size() == 1);
  CHECK(Parse(text::format, raw("x"), "README.md").context.all<CodeBlob>().empty());
}

TEST_CASE("characters that block borders cut are text all the same") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
  for (const std::uint64_t window : {1U, 2U, 3U, 5U}) {
    test::RangeSource source(as_bytes(text), window);
    Budget budget;
    test::RecordingContext context(source, "", budget);
    CHECK(text::format.parse(context).has_value());
  }
  CHECK(Parse(text::format, raw("caf\xc3")).result.has_value());
  CHECK_FALSE(Parse(text::format, raw(std::string_view("caf\xc3\0", 5))).result.has_value());
}

TEST_CASE("a git-lfs pointer is not the weights") {
  const Parse parse(text::format,
                    raw("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"
                        "size 12345\n"),
                    "model.safetensors");
  REQUIRE(parse.context.gaps.size() == 1);
  CHECK(parse.context.gaps[0].code == ParseErrc::not_fetched);
  CHECK(parse.context.format_name == "git-lfs-pointer");
}
