#include "formats/archive/compressed.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>

#include "formats/archive/archive.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

// "hello" as each tool writes it.
struct Sample {
  const Format* format;
  const char* hex;
};
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {&archive::gzip, "1f8b0800000000000003cb48cdc9c9070086a6103605000000"},
      {&archive::bzip2,
       "425a68393141592653591931653d00000081000244a000219a68334d07338bb9229c28480c98b29e80"},
      {&archive::xz,
       "fd377a585a000004e6d6b4460200210116000000742fe5a301000468656c6c6f00000000b137b9dbe5da1e9b000"
       "11d05b82d80af1fb6f37d010000000004595a"},
      {&archive::zlib, "789ccb48cdc9c90700062c0215"},
      {&archive::zstd, "28b52ffd045829000068656c6c6fa36d9f88"},
      {&archive::lz4, "04224d186440a70500008068656c6c6f00000000f97700fb"},
  };
  return all;
}

test::Parse parse(const Format& format, std::vector<std::byte> bytes, const Limits& limits = {},
                  std::string_view name = "a") {
  return test::Parse(format, std::move(bytes), name, limits);
}

Confidence identify(const Format& format, Bytes bytes) {
  MemorySource source{bytes};
  const ByteView head = source.view(0, Probe::kHeadSize);
  return format.identify({.head = head, .size = bytes.size(), .name = "", .source = &source});
}

std::vector<std::byte> sample_file(const std::string& name) {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR "/corpus/archive/") + name, std::ios::binary);
  REQUIRE(in);
  return test::raw(std::string{std::istreambuf_iterator<char>(in), {}});
}

std::vector<std::byte> gzip_of_zeros(std::size_t size) {
  std::vector<std::byte> out(size / 500 + 100);
  std::vector<Bytef> in(size);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr std::string_view kPickle = "cposix\nsystem\n(S'echo CANARY'\ntR.";

}  // namespace

TEST_CASE("a gzip bomb stops at the ratio limit") {
  auto done =
      parse(archive::gzip, gzip_of_zeros(20 << 20), Limits{.ratio = 10, .ratio_floor = 1000});
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::over_budget);
  CHECK(done.result.error().message.contains("ratio"));
}

TEST_CASE("millions of empty members stop at the nodes limit") {
  const auto empty = test::bytes("1f8b080000000000000303000000000000000000");
  std::vector<std::byte> many;
  for (int i = 0; i < 10'000; ++i) many.insert(many.end(), empty.begin(), empty.end());
  auto whole = parse(archive::gzip, many);
  CHECK(whole.result);
  CHECK(whole.context.gaps.empty());
  auto stopped = parse(archive::gzip, many, Limits{.nodes = 1000});
  REQUIRE_FALSE(stopped.result);
  CHECK(stopped.result.error().code == ParseErrc::over_budget);
}

TEST_CASE("a stream cut off anywhere shows what came out, and is never whole") {
  for (const Sample& sample : samples()) {
    const auto bytes = test::bytes(sample.hex);
    CAPTURE(sample.format->name);
    auto whole = parse(*sample.format, bytes);
    REQUIRE(whole.result);
    REQUIRE(whole.context.members.at(0).bytes == "hello");
    CHECK(whole.context.gaps.empty());
    CHECK(whole.context.all<Anomaly>().empty());
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      CAPTURE(size);
      auto cut = parse(*sample.format, {bytes.begin(), bytes.begin() + static_cast<long>(size)});
      const bool gap = !cut.result || !cut.context.gaps.empty();
      CHECK(gap);
      for (const auto& member : cut.context.members) {
        CHECK(std::string_view("hello").starts_with(member.bytes));
      }
    }
  }
}

TEST_CASE("a stream with one byte changed never gives other content in silence") {
  for (const Sample& sample : samples()) {
    const auto bytes = test::bytes(sample.hex);
    CAPTURE(sample.format->name);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (const int change : {0x01, 0x80, 0xFF}) {
        auto mutant = bytes;
        mutant[at] ^= static_cast<std::byte>(change);
        CAPTURE(at, change);
        auto done = parse(*sample.format, mutant);
        if (!done.result || !done.context.gaps.empty()) continue;
        const auto& member = done.context.members.at(0);
        const bool as_before = member.bytes == "hello" || !member.complaints.empty();
        // A changed frame header may end the frame early: then bytes are left over.
        CHECK((as_before || done.context.has_anomaly("archive.trailing-data") ||
               member.bytes.empty()));
      }
    }
  }
}

TEST_CASE("what stands behind the stream is said, and shown as a member") {
  for (const Sample& sample : samples()) {
    auto bytes = test::bytes(sample.hex);
    const std::size_t end = bytes.size();
    for (const std::byte b : test::raw(kPickle)) bytes.push_back(b);
    CAPTURE(sample.format->name);
    auto done = parse(*sample.format, bytes);
    CHECK(done.result);
    REQUIRE(done.context.members.size() == 2);
    CHECK(done.context.members[0].bytes == "hello");
    CHECK(done.context.members[1].bytes == kPickle);
    CHECK(done.context.members[1].info.offset == end);
    CHECK(done.context.has_anomaly("archive.trailing-data"));
  }
}

TEST_CASE("members in a row are one content, zeros between and behind them are padding") {
  for (const Sample& sample : samples()) {
    const auto bytes = test::bytes(sample.hex);
    auto twice = bytes;
    twice.insert(twice.end(), 4, std::byte{0});
    twice.insert(twice.end(), bytes.begin(), bytes.end());
    twice.insert(twice.end(), 512, std::byte{0});
    CAPTURE(sample.format->name);
    auto done = parse(*sample.format, twice);
    REQUIRE(done.context.members.size() == 1);
    CHECK(done.context.members[0].bytes == "hellohello");
    CHECK(done.context.all<Anomaly>().empty());
  }
}

TEST_CASE("a wrong checksum does not hide the content, nor the member behind it") {
  auto done = parse(archive::gzip, sample_file("malicious/behind_bad_crc.pkl.gz"));
  REQUIRE(done.context.members.size() == 1);
  CHECK(done.context.members[0].bytes == "}." + std::string(kPickle));
  CHECK(done.context.members[0].complaints.size() == 1);
}

TEST_CASE("where a content ends early is told in the content's own bytes") {
  auto cut = parse(archive::gzip, sample_file("malicious/cut_off.pkl.gz"));
  REQUIRE(cut.context.gaps.size() == 1);
  CHECK(cut.context.gaps[0].offset == kPickle.size());
  auto wrong = parse(archive::gzip, sample_file("malicious/bad_crc.pkl.gz"));
  REQUIRE(wrong.context.members.size() == 1);
  REQUIRE(wrong.context.members[0].complaints.size() == 1);
  CHECK(wrong.context.members[0].complaints[0].offset == kPickle.size());
}

TEST_CASE("every cut-off or concatenated pickle is seen whole") {
  const std::pair<const Format*, const char*> files[] = {
      {&archive::gzip, "malicious/cut_off.pkl.gz"},
      {&archive::bzip2, "malicious/cut_off.pkl.bz2"},
      {&archive::xz, "malicious/cut_off.pkl.xz"},
      {&archive::zlib, "malicious/cut_off.pkl.zz"},
      {&archive::zlib, "malicious/old_joblib.pkl"},
      {&archive::gzip, "malicious/second_member.pkl.gz"},
      {&archive::gzip, "malicious/bad_crc.pkl.gz"},
      {&archive::lzma, "malicious/concatenated.pkl.lzma"},
      {&archive::gzip, "malicious/reserved_flags.pkl.gz"}};
  for (const auto& [format, name] : files) {
    CAPTURE(name);
    const auto bytes = sample_file(name);
    CHECK(identify(*format, bytes) != Confidence::none);
    auto done = parse(*format, bytes);
    REQUIRE(done.context.members.size() == 1);
    CHECK(done.context.members[0].bytes == kPickle);
  }
}

TEST_CASE("a dictionary or window over the limit is refused before memory is taken") {
  const std::pair<const Format*, const char*> files[] = {
      {&archive::lzma, "malformed/dictionary_2GiB.lzma"},
      {&archive::zstd, "malformed/window_2GiB.zst"},
      {&archive::sevenzip, "malformed/dictionary_2GiB.7z"}};
  for (const auto& [format, name] : files) {
    CAPTURE(name);
    const auto bytes = sample_file(name);
    CHECK(identify(*format, bytes) == Confidence::certain);
    auto done = parse(*format, bytes);
    REQUIRE_FALSE(done.result);
    CHECK(done.result.error().code == ParseErrc::over_budget);
  }
}

TEST_CASE("a gzip name is a fact, and one that escapes an anomaly") {
  auto done = parse(archive::gzip, sample_file("malicious/name_escapes.gz"), {}, "x/model.tar.gz");
  CHECK(done.context.all<Metadata>().at(0) == Metadata{"gzip.name", "../../etc/model"});
  CHECK(done.context.has_anomaly("archive.unsafe-name"));
  CHECK(done.context.members.at(0).info.name == "model.tar");
}

TEST_CASE("the content is named after the artifact without its compression") {
  CHECK(archive::content_name("a/b.tar.gz") == "b.tar");
  CHECK(archive::content_name("b.TGZ") == "b.tar");
  CHECK(archive::content_name("model.pkl.zst") == "model.pkl");
  CHECK(archive::content_name("model.joblib") == "data");
  CHECK(archive::content_name("") == "data");
}

TEST_CASE("random bytes and numbers are not taken for streams without a magic") {
  std::mt19937 random(1);
  int taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::vector<std::byte> bytes(16 + random() % 200);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    if (i % 2) bytes[0] = std::byte{0x78};
    taken += identify(archive::zlib, bytes) != Confidence::none;
    bytes[0] = std::byte{0x5D};
    bytes[1] = bytes[2] = std::byte{0};
    taken += identify(archive::lzma, bytes) != Confidence::none;
  }
  // A header that happens to be right (one in a thousand) is still not enough.
  CHECK(taken <= 2);
  const std::vector<float> ones(1024, 1.0F);
  std::vector<float> zeros(1024);
  zeros[0] = -0.0F;
  for (const Format* format : {&archive::zlib, &archive::lzma, &archive::tar, &archive::cpio}) {
    CHECK(identify(*format, std::as_bytes(std::span(ones))) == Confidence::none);
    CHECK(identify(*format, std::vector<std::byte>(4096)) == Confidence::none);
    CHECK(identify(*format, std::as_bytes(std::span(zeros))) == Confidence::none);
  }
}

TEST_CASE("skippable frames at the front do not hide whose stream it is") {
  auto bytes = test::bytes("502a4d1803000000616263 5f2a4d1800000000");
  const auto zstd = test::bytes(samples()[4].hex);
  const auto lz4 = test::bytes(samples()[5].hex);
  auto with_zstd = bytes;
  with_zstd.insert(with_zstd.end(), zstd.begin(), zstd.end());
  CHECK(identify(archive::zstd, with_zstd) == Confidence::certain);
  CHECK(identify(archive::lz4, with_zstd) == Confidence::none);
  CHECK(parse(archive::zstd, with_zstd).context.members.at(0).bytes == "hello");
  bytes.insert(bytes.end(), lz4.begin(), lz4.end());
  CHECK(identify(archive::zstd, bytes) == Confidence::none);
  CHECK(identify(archive::lz4, bytes) == Confidence::certain);
  CHECK(parse(archive::lz4, bytes).context.members.at(0).bytes == "hello");
}
