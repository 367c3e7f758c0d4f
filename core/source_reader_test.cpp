#include "core/source_reader.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"

using namespace assay;

TEST_CASE("values that straddle the window are read whole") {
  MemorySource source{test::bytes("01 02 03 04 05 06 07 08 09")};
  SourceReader in{source, 0, 3};
  CHECK(in.le<std::uint16_t>() == 0x0201);
  CHECK(in.le<std::uint32_t>() == 0x06050403);
  CHECK(in.offset() == 6);
  CHECK(in.peek(100).size() == 3);
  in.skip(2);
  CHECK(in.u8() == 9);
  CHECK(in.at_end());
  CHECK(in.ok());
}

TEST_CASE("an error tells how much is left of the source, not of the window") {
  MemorySource source{test::raw("abcdefghij")};
  for (const std::uint64_t window : {1U, 3U, 100U}) {
    SourceReader in{source, 0, window};
    in.skip(2);
    CHECK(in.u8() == 'c');
    in.skip(9);
    REQUIRE(in.error());
    CHECK(in.error()->message == "truncated at byte 3: needs 9 bytes, 7 left");
  }
}

TEST_CASE("skipping past the end is an error at the place of the skip") {
  MemorySource source{test::raw("abcdef")};
  SourceReader in{source, 0, 2};
  in.skip(2);
  in.skip(5);
  REQUIRE(in.error());
  CHECK(in.error()->offset == 2);
  CHECK(in.error()->code == ParseErrc::truncated);
  in.skip(~0ULL);
  CHECK(in.u8() == 0);
}

TEST_CASE("skipping exactly to the end is no error") {
  MemorySource source{test::raw("abcdef")};
  SourceReader in{source, 0, 2};
  in.skip(6);
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE("a single value over the limit is refused before it is allocated") {
  MemorySource source{test::raw("abcdef")};
  SourceReader in{source};
  CHECK(in.take(SourceReader::kMaxTake + 1).empty());
  CHECK(in.error()->code == ParseErrc::over_budget);
}

TEST_CASE("seeking back and forth reads what is there") {
  MemorySource source{test::raw("abcdef")};
  SourceReader in{source, 0, 2};
  in.seek(4);
  CHECK(in.u8() == 'e');
  in.seek(1);
  CHECK(in.u8() == 'b');
}
