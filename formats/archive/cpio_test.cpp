#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

#include "formats/archive/archive.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

std::string padded(std::string text, std::size_t to) {
  return text + std::string((to - text.size() % to) % to, '\0');
}

std::string number(const char* format, std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

std::string newc(const std::string& name, const std::string& data, unsigned mode = 0100644,
                 std::uint64_t size = ~0ULL, std::uint64_t name_size = ~0ULL) {
  std::string head = "070701";
  for (int i = 0; i < 13; ++i) {
    const std::uint64_t value = i == 1    ? mode
                                : i == 6  ? (size == ~0ULL ? data.size() : size)
                                : i == 11 ? (name_size == ~0ULL ? name.size() + 1 : name_size)
                                          : 0;
    head += number("%08llX", value);
  }
  return padded(head + name + '\0', 4) + padded(data, 4);
}

std::string odc(const std::string& name, const std::string& data) {
  std::string head = "070707" + std::string(12, '0') + "100644" + std::string(35, '0');
  return head + number("%06llo", name.size() + 1) + number("%011llo", data.size()) + name + '\0' +
         data;
}

std::string binary(const std::string& name, const std::string& data, bool little) {
  std::string out;
  const auto word = [&](unsigned value) {
    const char low = static_cast<char>(value & 0xFF);
    const char high = static_cast<char>(value >> 8);
    out += little ? std::string{low, high} : std::string{high, low};
  };
  const auto name_size = static_cast<unsigned>(name.size() + 1);
  for (const unsigned value : {070707U, 0U, 0U, 0100644U, 0U, 0U, 1U, 0U, 0U, 0U, name_size, 0U,
                               static_cast<unsigned>(data.size())}) {
    word(value);
  }
  return padded(out + name + '\0', 2) + padded(data, 2);
}

const std::string kEnd = newc("TRAILER!!!", "", 0);

test::Parse parse(const std::string& bytes, const Limits& limits = {}) {
  return test::Parse(archive::cpio, test::raw(bytes), "a.cpio", limits);
}

}  // namespace

TEST_CASE("a cpio name or size over what is there is not trusted") {
  auto name = parse(newc("a", "data", 0100644, ~0ULL, 0xFFFFFFFF) + kEnd);
  CHECK(name.context.has_anomaly("archive.bad-header"));
  auto size = parse(newc("a", "data", 0100644, 0xFFFFFFFF) + kEnd);
  REQUIRE_FALSE(size.result);
  CHECK(size.result.error().code == ParseErrc::truncated);
  CHECK(size.context.members.at(0).bytes.starts_with("data"));
}

TEST_CASE("a cpio member behind junk is found, and the junk is looked at") {
  auto done = parse(newc("a", "1") + "junk" + newc("b", "2") + kEnd);
  CHECK(done.result);
  REQUIRE(done.context.members.size() == 3);
  CHECK(done.context.members[1].bytes == "junk");
  CHECK(done.context.members[2].bytes == "2");
  CHECK(done.context.has_anomaly("archive.bad-header"));
}

TEST_CASE("all cpio layouts are read") {
  for (const std::string& bytes :
       {newc("a", "data") + kEnd, odc("a", "data") + odc("TRAILER!!!", ""),
        binary("a", "data", true) + binary("TRAILER!!!", "", true),
        binary("a", "data", false) + binary("TRAILER!!!", "", false)}) {
    auto done = parse(bytes + std::string(512, '\0'));
    CHECK(done.result);
    CHECK(done.context.members.at(0).bytes == "data");
    CHECK(done.context.all<Anomaly>().empty());
    MemorySource source{test::raw(bytes)};
    const ByteView head = source.view(0, Probe::kHeadSize);
    CHECK(archive::cpio.identify(
              {.head = head, .size = bytes.size(), .name = "", .source = &source}) !=
          Confidence::none);
  }
}

TEST_CASE("a cpio link's target is its data, and may escape") {
  auto done = parse(newc("l", "../../x", 0120777) + kEnd);
  CHECK(done.context.all<Reference>().at(0) == Reference{"link", "../../x"});
  CHECK(done.context.has_anomaly("archive.link-escapes"));
  CHECK(done.context.members.empty());
}

TEST_CASE("a cpio without its trailer is cut off, wherever that is") {
  const std::string whole = newc("a", "data") + kEnd;
  // What may be missing at the very end is padding.
  for (std::size_t size = 1; size < whole.size() - 3; ++size) {
    CAPTURE(size);
    CHECK_FALSE(parse(whole.substr(0, size)).result);
  }
}

TEST_CASE("offsets lie inside a cpio that ends without its padding") {
  // Of "ab" both the name and the data are padded by one or more.
  const std::string whole = newc("ab", "data1", 0100644);
  for (std::size_t size = whole.size() - 12; size <= whole.size(); ++size) {
    CAPTURE(size);
    auto done = parse(whole.substr(0, size));
    REQUIRE_FALSE(done.result);
    CHECK(done.result.error().offset <= size);
    for (const auto& member : done.context.members) CHECK(member.info.offset <= size);
  }
  const std::string empty = newc("abc", "");
  auto done = parse(empty.substr(0, empty.size() - 1));
  REQUIRE(done.context.members.size() == 1);
  CHECK(done.context.members[0].info.offset <= empty.size() - 1);
}

TEST_CASE("a file of nothing but cpio magics stops at a limit") {
  std::string magics;
  for (int i = 0; i < 20'000; ++i) magics += "070701";
  auto done = parse(magics, Limits{.members = 100});
  REQUIRE_FALSE(done.result);
  CHECK(done.context.members.size() <= 100);
  CHECK(done.context.gaps.empty());
}
