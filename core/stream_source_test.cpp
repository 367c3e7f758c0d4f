#include "core/stream_source.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/hex.h"

using namespace assay;

namespace {

// Counts up, byte after byte; may fail at its end.
class CountingStream final : public ByteStream {
 public:
  CountingStream(std::uint64_t size, bool damaged) : size_(size), damaged_(damaged) {}
  std::size_t read(std::span<std::byte> out) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - at_));
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::byte>((at_ + i) * 7 % 251);
    at_ += count;
    return count;
  }
  std::optional<ParseError> error() const override {
    if (!damaged_) return std::nullopt;
    return ParseError{ParseErrc::truncated, at_, "cut off"};
  }

 private:
  std::uint64_t size_;
  bool damaged_;
  std::uint64_t at_ = 0;
};

StreamSource counting(std::uint64_t size, Budget& budget, int& opened, bool damaged = false) {
  return StreamSource(
      [=, &opened] {
        ++opened;
        return std::make_unique<CountingStream>(size, damaged);
      },
      size, budget);
}

bool right(const ByteView& view, std::uint64_t offset) {
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.bytes()[i] != static_cast<std::byte>((offset + i) * 7 % 251)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a small stream is decoded once however it is read") {
  Budget budget;
  int opened = 0;
  StreamSource source = counting(1'000'000, budget, opened);
  CHECK(source.size() == 1'000'000);
  for (const std::uint64_t offset : {900'000ULL, 0ULL, 262'000ULL, 999'999ULL}) {
    const ByteView view = source.view(offset, 300'000);
    CHECK(view.size() == std::min<std::uint64_t>(300'000, 1'000'000 - offset));
    CHECK(right(view, offset));
  }
  CHECK(opened == 1);
  CHECK(source.view(1'000'000, 1).empty());
  CHECK_FALSE(source.error());
}

TEST_CASE("reading behind the window starts the decoder anew, and is paid for") {
  Budget budget;
  int opened = 0;
  const std::uint64_t size = 20 << 20;
  StreamSource source = counting(size, budget, opened);
  CHECK(source.size() == size);
  CHECK(right(source.view(5, 1000), 5));
  CHECK(opened == 2);
  CHECK(budget.left(Cost::expanded_bytes) < Limits{}.expanded_bytes - size);
}

TEST_CASE("asking whether an offset exists decodes no further than that") {
  Budget budget;
  int opened = 0;
  StreamSource source = counting(20 << 20, budget, opened);
  CHECK(source.has(10));
  CHECK(budget.left(Cost::expanded_bytes) >= Limits{}.expanded_bytes - StreamSource::kBlockSize);
}

TEST_CASE("what a damaged stream gave before it broke can be read again") {
  Budget budget;
  int opened = 0;
  StreamSource source = counting(20 << 20, budget, opened, true);
  CHECK(source.size() == 20 << 20);
  CHECK(source.error()->code == ParseErrc::truncated);
  CHECK(source.view(0, 100).size() == 100);
}

TEST_CASE("the expanded-bytes limit ends the stream for good") {
  Budget budget(Limits{.expanded_bytes = 1 << 20});
  int opened = 0;
  StreamSource source = counting(20 << 20, budget, opened);
  CHECK(source.size() <= 1 << 20);
  REQUIRE(source.error());
  CHECK(source.error()->code == ParseErrc::over_budget);
  CHECK(source.error()->message.contains("expanded_bytes"));
}

TEST_CASE("a ratio over the limit is named") {
  Budget budget(Limits{.ratio = 10, .ratio_floor = 1000});
  StreamSource source([] { return std::make_unique<CountingStream>(10 << 20, false); }, 100, budget);
  source.size();
  REQUIRE(source.error());
  CHECK(source.error()->message.contains("ratio"));
}

TEST_CASE("a slice of a stream decodes no further than the slice goes") {
  Budget budget;
  int opened = 0;
  StreamSource source = counting(20 << 20, budget, opened);
  const SliceSource slice(source, 100, 1000);
  CHECK(budget.left(Cost::expanded_bytes) >= Limits{}.expanded_bytes - StreamSource::kBlockSize);
}
