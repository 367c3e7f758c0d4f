#include "rules/yara/region_blocks.h"

#include <catch2/catch.hpp>
#include <limits>

namespace assay {
namespace {

constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();

std::vector<libyara::Block> all_blocks(RegionBlocks& blocks) {
  std::vector<libyara::Block> out;
  while (const auto block = blocks.at(out.size())) out.push_back(*block);
  return out;
}

}  // namespace

TEST_CASE("regions are sorted, touching ones joined and empty ones dropped") {
  const std::vector<Region> regions{{40, 10}, {0, 10}, {10, 5}, {12, 1}, {99, 0}, {45, 10}};
  CHECK(merged(regions) == std::vector<Region>{{0, 15}, {40, 15}});
}

TEST_CASE("a region that claims to reach past the last offset there can be is cut, not wrapped") {
  const std::vector<Region> regions{{10, kEverything}, {20, kEverything}};
  CHECK(merged(regions) == std::vector<Region>{{10, kEverything - 10}});
}

TEST_CASE("blocks cover a region and overlap") {
  constexpr std::uint64_t size = 3 * RegionBlocks::kBlockSize;
  MemorySource source(std::vector<std::byte>(size + 100));
  Budget budget;
  const Region region{50, size};
  RegionBlocks blocks(source, std::span(&region, 1), budget);
  const auto all = all_blocks(blocks);
  REQUIRE(all.size() == 4);
  CHECK(all.front().offset == 50);
  CHECK(all.back().offset + all.back().size == 50 + size);
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(all[i - 1].offset + all[i - 1].size == all[i].offset + RegionBlocks::kOverlap);
  }
}

TEST_CASE("a region past the end of the source ends where the source does") {
  MemorySource source(std::vector<std::byte>(100));
  Budget budget;
  const std::vector<Region> regions{{90, kEverything}, {0, 5}};
  RegionBlocks blocks(source, regions, budget);
  const auto all = all_blocks(blocks);
  REQUIRE(all.size() == 2);
  CHECK(all[0].size == 5);
  CHECK(all[1].offset == 90);
  CHECK(all[1].size == 10);
}

TEST_CASE("a block can be fetched again after the last one, up to a limit") {
  MemorySource source(std::vector<std::byte>(2 * RegionBlocks::kBlockSize));
  Budget budget;
  const Region region{0, kEverything};
  RegionBlocks blocks(source, std::span(&region, 1), budget);
  const auto all = all_blocks(blocks);
  CHECK(blocks.fetch(all[0]).size() == all[0].size);
  for (int i = 0; i < 200; ++i) {
    (void)blocks.fetch(all[0]);
    (void)blocks.fetch(all[1]);
  }
  CHECK(blocks.reread_too_much());
  CHECK(blocks.fetch(all[0]).empty());
}

TEST_CASE("no block comes after the engine said stop") {
  const std::atomic<bool> stop = true;
  Limits limits;
  limits.stop = &stop;
  MemorySource source(std::vector<std::byte>(10));
  Budget budget(limits);
  const Region region{0, 10};
  RegionBlocks blocks(source, std::span(&region, 1), budget);
  CHECK_FALSE(blocks.at(0).has_value());
  CHECK(blocks.stopped());
}

}  // namespace assay
