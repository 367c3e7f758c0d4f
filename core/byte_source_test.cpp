#include "core/byte_source.h"

#include <catch2/catch.hpp>

#include "tests/support/hex.h"
#include "tests/support/range_source.h"

using namespace assay;

TEST_CASE("a view past the end is cut short, not refused") {
  MemorySource source{test::raw("abcdef")};
  CHECK(as_text(source.view(4, 100)) == "ef");
  CHECK(source.view(6, 1).empty());
  CHECK(source.view(~0ULL, ~0ULL).empty());
}

TEST_CASE("a slice shows only its part and cannot be read past it") {
  MemorySource source{test::raw("abcdef")};
  SliceSource slice{source, 2, 3};
  CHECK(slice.size() == 3);
  CHECK(as_text(slice.view(0, 100)) == "cde");
  CHECK(as_text(slice.view(2, 100)) == "e");
  CHECK(slice.view(3, 1).empty());
}

TEST_CASE("a slice that runs past its parent ends where the parent ends") {
  MemorySource source{test::raw("abc")};
  CHECK(SliceSource(source, 2, ~0ULL).size() == 1);
  CHECK(SliceSource(source, 9, 1).size() == 0);
}

TEST_CASE("where the parent failed is told in the bytes of the slice") {
  class Failed final : public ByteSource {
   public:
    std::uint64_t size() override { return 100; }
    ByteView view(std::uint64_t, std::uint64_t) override { return {}; }
    std::optional<ParseError> error() const override {
      return ParseError{ParseErrc::truncated, 60, "cut off"};
    }
  };
  Failed parent;
  CHECK(SliceSource(parent, 50, 40).error()->offset == 10);
  CHECK(SliceSource(parent, 70, 10).error()->offset == 0);
  CHECK(SliceSource(parent, 10, 20).error()->offset == 20);
}

TEST_CASE("blocks cover the range once and in order") {
  MemorySource source{test::raw("abcdefgh")};
  std::string seen;
  const auto done = for_each_block(
      source, 1, 6,
      [&](Bytes block, std::uint64_t offset) {
        CHECK(offset == seen.size() + 1);
        seen += as_text(block);
        return true;
      },
      4);
  CHECK(done == 6);
  CHECK(seen == "bcdefg");
  CHECK(as_text(read_bytes(source, 6, 100)) == "gh");
}

TEST_CASE("a source may ask to be read in smaller blocks") {
  const auto bytes = test::raw("abcdefgh");
  test::RangeSource source(bytes, 3);
  SliceSource slice(source, 1, 6);
  std::vector<std::size_t> sizes;
  for_each_block(slice, 0, 6, [&](Bytes block, std::uint64_t) {
    sizes.push_back(block.size());
    return true;
  });
  CHECK(sizes == std::vector<std::size_t>{3, 3});
  CHECK(as_text(read_bytes(source, 0, 100)) == "abcdefgh");
}

TEST_CASE("a view outlives later views of the same source") {
  auto source = std::make_unique<MemorySource>(test::raw("abc"));
  const ByteView view = source->view(0, 3);
  source.reset();
  CHECK(as_text(view) == "abc");
}
