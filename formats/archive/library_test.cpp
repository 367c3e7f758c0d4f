#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "formats/archive/archive.h"
#include "formats/archive/sevenzip_header.h"
#include "tests/support/hex.h"
#include "tests/support/range_source.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

std::vector<std::byte> sample(const std::string& name) {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR "/corpus/archive/") + name, std::ios::binary);
  REQUIRE(in);
  return test::raw(std::string{std::istreambuf_iterator<char>(in), {}});
}

const Format& format_of(const std::string& name) {
  if (name.ends_with(".rar")) return archive::rar;
  return name.ends_with(".7z") ? archive::sevenzip : archive::cpio;
}

test::Parse parse(const std::string& name) {
  return test::Parse(format_of(name), sample(name), name);
}

constexpr std::string_view kPickle = "cposix\nsystem\n(S'echo CANARY'\ntR.";

// What 7-Zip writes: one file "a" of "abc" with its header in the clear, and
// six files in one folder with the header packed.
constexpr const char* kPlain7z =
    "377abcaf271c000421bb928d08000000000000003e000000000000006c62fb3c0030988890774ea0"
    "0104060001090800070b01000123030101055d001000000c0300080a01c241243500000501190600"
    "000000000011050061000000150601002080a4810000";
constexpr const char* kPacked7z =
    "377abcaf271c00045df448717a0000000000000021000000000000001bd77a33e0005700115d0030"
    "9888989fbd707c5765ea5b1d7534c000000000813307ae0fcf926e600febea9cbf363dfeb447f8e3"
    "9b679b2a59f9843415e6696e624b6f965a027bc4a29b028d2ea3c39f8a22cb439c5e275d26542c41"
    "14abb0b0b8df47d9709a1eb27ee00474ea8cabab4d3b2e5546e45e3936c9ea9e4200170619010961"
    "00070b01000123030101055d001000000c80d60a010cd9ed410000";

}  // namespace

TEST_CASE("7z archives with a plain and with a packed header are read") {
  test::Parse plain(archive::sevenzip, test::bytes(kPlain7z));
  CHECK(plain.result);
  CHECK(plain.context.members.at(0).bytes == "abc");
  test::Parse packed(archive::sevenzip, test::bytes(kPacked7z));
  CHECK(packed.result);
  CHECK(packed.context.members.size() == 6);
  CHECK(packed.context.all<Anomaly>().empty());
}

TEST_CASE("a 7z cut off or with one byte changed is refused, or shows what it shows twice") {
  for (const char* hex : {kPlain7z, kPacked7z}) {
    const auto whole = test::bytes(hex);
    for (std::size_t size = 6; size < whole.size(); ++size) {
      test::Parse cut(archive::sevenzip, {whole.begin(), whole.begin() + static_cast<long>(size)});
      CHECK_FALSE(cut.result);
    }
    for (std::size_t at = 6; at < whole.size(); ++at) {
      auto mutant = whole;
      mutant[at] ^= std::byte{0x11};
      test::Parse first(archive::sevenzip, mutant);
      test::Parse second(archive::sevenzip, mutant);
      CHECK(first.context.facts == second.context.facts);
    }
  }
}

TEST_CASE("data behind a 7z are said and shown") {
  auto bytes = test::bytes(kPlain7z);
  for (const std::byte b : test::raw(kPickle)) bytes.push_back(b);
  test::Parse done(archive::sevenzip, bytes);
  CHECK(done.context.has_anomaly("archive.trailing-data"));
  CHECK(done.context.members.back().bytes == kPickle);
}

TEST_CASE("a 7z header cannot make a library allocate by a number") {
  // header; then one of: streams, folders, substreams, files, each of 2^56.
  const char* const huge = "ff00000000000000 01";
  for (const std::string& body :
       {std::string("01 04 06 00 ") + huge + " 00 00 00",
        std::string("01 04 07 0b ") + huge + " 00 00 00",
        std::string("01 04 07 0b 01 00 01 01 00 0c 03 00 08 0d ") + huge + " 00 00 00",
        std::string("01 05 ") + huge + " 00 00"}) {
    CAPTURE(body);
    const auto header = test::bytes(body);
    auto file = test::bytes("377abcaf271c0004 00000000 0000000000000000");
    file.push_back(static_cast<std::byte>(header.size()));
    file.insert(file.end(), 11, std::byte{0});
    file.insert(file.end(), header.begin(), header.end());
    MemorySource source(file);
    Budget budget;
    const auto summary = archive::read_sevenzip_summary(source, budget);
    CHECK_FALSE(summary);
  }
}

TEST_CASE("rar entries of both generations are shown") {
  for (const char* name : {"malicious/pickle.rar4.rar", "malicious/pickle.rar5.rar"}) {
    CAPTURE(name);
    auto done = parse(name);
    CHECK(done.result);
    REQUIRE(done.context.members.size() == 1);
    CHECK(done.context.members[0].info.name == "model.pkl");
    CHECK(done.context.members[0].bytes == kPickle);
    CHECK(done.context.all<Anomaly>().empty());
  }
}

TEST_CASE("an encrypted entry is a gap, not silence") {
  auto done = parse("malformed/encrypted.rar4.rar");
  REQUIRE(done.context.gaps.size() == 1);
  CHECK(done.context.gaps[0].code == ParseErrc::encrypted);
}

TEST_CASE("names that escape are said whatever the archive") {
  CHECK(parse("malicious/parent_name.rar5.rar").context.has_anomaly("archive.unsafe-name"));
  CHECK(parse("malicious/parent_name.cpio").context.has_anomaly("archive.unsafe-name"));
}

TEST_CASE("a second cpio archive behind the first is said and shown") {
  auto done = parse("malicious/concatenated.cpio");
  CHECK(done.result);
  CHECK(done.context.has_anomaly("archive.trailing-data"));
  CHECK(done.context.members.back().bytes.starts_with("070701"));
}

TEST_CASE("a library archive cut off at any byte says so") {
  for (const char* name :
       {"malicious/pickle.rar4.rar", "malicious/pickle.rar5.rar", "malformed/dictionary_2GiB.7z"}) {
    const auto whole = sample(name);
    CAPTURE(name);
    for (std::size_t size = 7; size < whole.size(); ++size) {
      test::Parse done(format_of(name), {whole.begin(), whole.begin() + static_cast<long>(size)});
      CAPTURE(size);
      // Only before its end block, which is optional, an old rar is whole again.
      const bool whole_rar4 = std::string_view(name).contains("rar4") && size == 94;
      const bool gap = !done.result || !done.context.gaps.empty();
      CHECK(gap != whole_rar4);
      CHECK((done.result || done.result.error().offset <= size));
    }
  }
}

TEST_CASE("a library archive with one byte changed neither crashes nor runs away") {
  for (const char* name :
       {"malicious/pickle.rar4.rar", "malicious/pickle.rar5.rar", "malformed/dictionary_2GiB.7z"}) {
    const auto whole = sample(name);
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int change : {0x01, 0x10, 0x80, 0xFF}) {
        auto mutant = whole;
        mutant[at] ^= static_cast<std::byte>(change);
        test::Parse done(format_of(name), mutant);
        for (const Fact& fact : done.context.facts) CHECK(fact.offset <= mutant.size());
      }
    }
  }
}

TEST_CASE("where the library fails does not depend on how much it was given to read ahead") {
  for (const char* name : {"malformed/header_missing.7z", "malicious/pickle.rar4.rar",
                           "malicious/pickle.rar5.rar", "malformed/encrypted.rar4.rar"}) {
    CAPTURE(name);
    auto bytes = sample(name);
    if (std::string_view(name).ends_with("7z")) bytes[5] ^= std::byte{1};  // no magic
    bytes.erase(bytes.end() - 9, bytes.end());
    test::Parse whole(format_of(name), bytes);
    test::RangeSource ranges(bytes, 7);
    Budget budget;
    test::RecordingContext context(ranges, "", budget);
    const auto result = format_of(name).parse(context);
    REQUIRE(result.has_value() == whole.result.has_value());
    if (!result) CHECK(result.error().offset == whole.result.error().offset);
    REQUIRE(context.gaps.size() == whole.context.gaps.size());
    for (std::size_t i = 0; i < context.gaps.size(); ++i) {
      CHECK(context.gaps[i].offset == whole.context.gaps[i].offset);
      CHECK(context.gaps[i].code == whole.context.gaps[i].code);
    }
  }
}

TEST_CASE("a 7z whose header is not there is truncated") {
  auto done = parse("malformed/header_missing.7z");
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::truncated);
  auto wraps = sample("malformed/header_missing.7z");
  for (std::size_t i = 12; i < 28; ++i) wraps[i] = std::byte{0xFF};
  test::Parse wrapped(archive::sevenzip, wraps);
  CHECK(wrapped.result.error().code == ParseErrc::truncated);
}
