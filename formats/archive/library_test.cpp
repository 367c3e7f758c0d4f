#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "formats/archive/archive.h"
#include "formats/archive/sevenzip_header.h"
#include "tests/support/hex.h"
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

}  // namespace

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
  for (const char* name : {"malicious/parent_name.cpio", "malicious/pickle.rar4.rar",
                           "malicious/pickle.rar5.rar", "malformed/dictionary_2GiB.7z"}) {
    const auto whole = sample(name);
    CAPTURE(name);
    for (std::size_t size = 8; size < whole.size(); ++size) {
      test::Parse done(format_of(name), {whole.begin(), whole.begin() + static_cast<long>(size)});
      CAPTURE(size);
      // Only before its end block, which is optional, an old rar is whole again.
      const bool whole_rar4 = std::string_view(name).contains("rar4") && size == 94;
      const bool gap = !done.result || !done.context.gaps.empty();
      CHECK(gap != whole_rar4);
    }
  }
}

TEST_CASE("a library archive with one byte changed neither crashes nor runs away") {
  for (const char* name : {"malicious/parent_name.cpio", "malicious/pickle.rar4.rar",
                           "malicious/pickle.rar5.rar", "malformed/dictionary_2GiB.7z"}) {
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

TEST_CASE("a 7z whose header is not there is truncated") {
  auto done = parse("malformed/header_missing.7z");
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::truncated);
  auto wraps = sample("malformed/header_missing.7z");
  for (std::size_t i = 12; i < 28; ++i) wraps[i] = std::byte{0xFF};
  test::Parse wrapped(archive::sevenzip, wraps);
  CHECK(wrapped.result.error().code == ParseErrc::truncated);
}
