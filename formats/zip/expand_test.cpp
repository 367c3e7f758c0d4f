#include <catch2/catch.hpp>

#include "formats/zip/zip_builder.h"

using namespace assay;
using namespace assay::zip::test;
using assay::test::Parse;

namespace {

std::string from_hex(std::string_view hex) {
  const auto bytes = assay::test::bytes(hex);
  return std::string(as_text(bytes));
}

const std::string kContent = "payload payload payload payload payload payload ";
const std::string kLzmaHead = from_hex("0904 0500 5d00100000");
const std::string kLzmaMarked = kLzmaHead + from_hex("0038184b99750f460834556d3e89abffffe0050000");
const std::string kLzmaUnmarked = kLzmaHead + from_hex("0038184b99750f460834556cfa840000");
const std::string kBzip2 = from_hex(
    "425a6839314159265359e0de7acd000014918040002404c0202000310c008a06963a3c3a3060c1c1f177245385090e"
    "0de7acd0");
const std::string kXz = from_hex(
    "fd377a585a0000016922de360200210116000000742fe5a3e0002f000f5d0038184b99750f460834556cfa84000000"
    "00685de6b300012730e2379adc9042990d010000000001595a");
const std::string kZstd = from_hex("28b52ffd2030750000407061796c6f616420010057162e");

struct Sample {
  std::uint16_t method;
  std::uint16_t flags;
  std::string data;
};

Sample any_sample() {
  return GENERATE(Sample{12, 0, kBzip2}, Sample{14, 2, kLzmaMarked}, Sample{14, 0, kLzmaMarked},
                  Sample{14, 0, kLzmaUnmarked}, Sample{20, 0, kZstd}, Sample{93, 0, kZstd},
                  Sample{95, 0, kXz});
}

Header header_of(const Sample& sample) {
  Header h = stored("a.bin", kContent);
  h.stored_size = sample.data.size();
  h.method = sample.method;
  h.flags = sample.flags;
  return h;
}

Parse parse_with(const Header& h, const std::string& data, const Limits& limits = {}) {
  return parse(Builder().add(h, data).add("next", "1").finish(), limits);
}

}  // namespace

TEST_CASE("bzip2, LZMA, zstd and xz members come out whole under their own names") {
  const Sample sample = any_sample();
  CAPTURE(sample.method, sample.flags, sample.data.size());
  const Parse p = parse_with(header_of(sample), sample.data);
  CHECK(p.result.has_value());
  CHECK(codes(p).empty());
  CHECK(p.context.gaps.empty());
  REQUIRE(p.context.members.size() == 2);
  CHECK(p.context.members[0].info.name == "a.bin");
  CHECK_FALSE(p.context.members[0].info.raw_data);
  CHECK(p.context.members[0].bytes == kContent);
  CHECK(p.context.members[0].complaints.empty());
}

TEST_CASE("packed data cut off anywhere is a gap, and what came out is kept") {
  const Sample sample = any_sample();
  const std::size_t size = GENERATE_COPY(range(std::size_t{1}, sample.data.size() - 8));
  CAPTURE(sample.method, sample.flags, size);
  Header h = header_of(sample);
  h.stored_size = size;
  const Parse p = parse_with(h, sample.data.substr(0, size));
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::truncated);
  REQUIRE(p.context.members.size() == 2);
  CHECK(kContent.starts_with(p.context.members[0].bytes));
}

TEST_CASE("damaged LZMA data is a gap, and what came out before is kept") {
  std::string data = kLzmaMarked;
  data.replace(19, 2, "\xFF\xFF");
  const Parse p = parse_with(header_of({14, 2, data}), data);
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.members.at(0).bytes.starts_with("payload"));
}

TEST_CASE("damaged data of any method is a gap or a wrong checksum") {
  const Sample sample = any_sample();
  const std::size_t at = GENERATE_COPY(range(std::size_t{4}, sample.data.size()));
  CAPTURE(sample.method, sample.flags, at);
  std::string data = sample.data;
  data[at] = static_cast<char>(data[at] ^ 0x55);
  const Parse p = parse_with(header_of({sample.method, sample.flags, data}), data);
  REQUIRE_FALSE(p.context.members.empty());
  CHECK((!p.context.gaps.empty() || !codes(p).empty() || p.context.members[0].bytes == kContent));
  CHECK(p.context.members.back().bytes == "1");
}

TEST_CASE("LZMA properties of another size than five are malformed, an empty member is cut off") {
  std::string data = kLzmaMarked;
  data[2] = 4;
  const Parse sized = parse_with(header_of({14, 2, data}), data);
  REQUIRE(sized.context.gaps.size() == 1);
  CHECK(sized.context.gaps[0].code == ParseErrc::malformed);
  const Parse empty = parse_with(header_of({14, 2, ""}), "");
  REQUIRE(empty.context.gaps.size() == 1);
  CHECK(empty.context.gaps[0].code == ParseErrc::truncated);
}

TEST_CASE("an LZMA dictionary over the memory limit is refused") {
  std::string data = kLzmaMarked;
  data.replace(5, 4, "\xFF\xFF\xFF\x7F");
  const Parse p = parse_with(header_of({14, 2, data}), data);
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::over_budget);
}

TEST_CASE("an end marker shows the bytes that a short size would hide") {
  Header h = header_of({14, 2, kLzmaMarked});
  h.size = 7;
  const Parse p = parse_with(h, kLzmaMarked);
  CHECK(codes(p) == Codes{"zip.size-mismatch"});
  CHECK(examined(p, kContent));
}

TEST_CASE("sizes and CRC of packed members are compared, and bytes behind the data are seen") {
  const Sample sample = any_sample();
  CAPTURE(sample.method, sample.flags, sample.data.size());
  Header h = header_of(sample);
  SECTION("crc") {
    h.crc = 1;
    CHECK(codes(parse_with(h, sample.data)) == Codes{"zip.crc-mismatch"});
  }
  SECTION("a member behind the data") {
    const std::string hidden = Builder().add("x", std::string(kEvil)).bytes;
    h.stored_size += hidden.size();
    const Parse p = parse_with(h, sample.data + hidden);
    CHECK(p.context.has_anomaly("zip.size-mismatch"));
    CHECK(p.context.has_anomaly("zip.hidden-member"));
    CHECK(examined(p, kEvil));
  }
}

TEST_CASE("what packed members expand to is paid from the budget") {
  const Sample sample = any_sample();
  CAPTURE(sample.method, sample.flags, sample.data.size());
  const Parse p = parse_with(header_of(sample), sample.data, Limits{.expanded_bytes = 10});
  REQUIRE_FALSE(p.context.gaps.empty());
  CHECK(p.context.gaps[0].code == ParseErrc::over_budget);
}
