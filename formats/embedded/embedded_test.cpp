#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "formats/embedded/sweep.h"
#include "tests/support/hex.h"

using namespace assay;
using embedded::Hit;
using embedded::Sweep;

namespace {

std::vector<std::byte> elf() {
  return test::bytes(
      "7f454c46 02 01 01 00 0000000000000000 0300 3e00 01000000 0000000000000000"
      "4000000000000000 0000000000000000 00000000 4000 3800 0100 4000 0000 0000");
}

std::vector<std::byte> pe() {
  std::vector<std::byte> out(0x80 + 26);
  const auto put = [&](std::size_t at, std::string_view hex) {
    const auto bytes = test::bytes(hex);
    std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(0, "4d5a");
  put(0x3C, "80000000");
  put(0x80, "50450000 6486 0200 000000000000000000000000 f000 2200 0b02");
  return out;
}

std::vector<std::byte> weights(std::size_t size) {
  std::mt19937 random(7);
  std::vector<std::byte> out(size);
  for (std::byte& b : out) b = static_cast<std::byte>(random());
  return out;
}

std::vector<Hit> swept(Bytes bytes, std::size_t block_size) {
  std::vector<Hit> hits;
  Sweep sweep([&](Hit hit) { hits.push_back(hit); });
  for (std::size_t at = 0; at < bytes.size(); at += block_size) sweep.feed(clip(bytes, at, block_size));
  sweep.finish();
  return hits;
}

}  // namespace

TEST_CASE("a program inside weights is found wherever it lies and however it is fed") {
  const auto [what, format] = GENERATE(
      std::pair<std::vector<std::byte>, std::string>{elf(), "elf"},
      std::pair<std::vector<std::byte>, std::string>{pe(), "pe"},
      std::pair<std::vector<std::byte>, std::string>{
          test::bytes("cffaedfe 07000001 03000000 02000000 10000000 80010000 00000000 00000000"),
          "mach-o"},
      std::pair<std::vector<std::byte>, std::string>{test::raw("#!/bin/sh\necho hi\n"), "script"},
      std::pair<std::vector<std::byte>, std::string>{
          test::bytes("504b0304 1400 0000 0800 0000 0000 00000000 00000000 00000000 0500 0000 612e706b6c"),
          "zip"});
  CAPTURE(format);
  for (const std::size_t at : {std::size_t{0}, std::size_t{31}, std::size_t{65'533}, std::size_t{99'700}}) {
    auto bytes = weights(100'000);
    const auto room = std::min(what.size(), bytes.size() - at);
    std::copy_n(what.begin(), room, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    for (const std::size_t block : {std::size_t{1000}, std::size_t{7'001}, std::size_t{100'000}}) {
      CAPTURE(at, block);
      const auto hits = swept(bytes, block);
      REQUIRE(hits.size() == 1);
      CHECK(hits[0].offset == at);
      CHECK(hits[0].format == format);
    }
  }
}

TEST_CASE("weights alone give nothing, however many magic bytes they hold by chance") {
  CHECK(swept(weights(8 << 20), 256 << 10).empty());
  std::string magics;
  for (int i = 0; i < 20'000; ++i) magics += "MZPK\x7f" "ELF#!\xcf\xfa\xed\xfe";
  CHECK(swept(test::raw(magics), 4096).empty());
}

TEST_CASE("a head cut off by the end is none") {
  auto bytes = elf();
  bytes.resize(40);
  CHECK(swept(bytes, 40).empty());
  CHECK(swept({}, 1).empty());
}
