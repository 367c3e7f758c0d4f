#include <catch2/catch.hpp>

#include "formats/archive/archive.h"
#include "formats/archive/entry_checks.h"
#include "formats/archive/test_tar.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;
using test::kTarEnd;
using test::pax_header;
using test::pax_record;
using test::tar_entry;

namespace {

test::Parse parse(const std::string& tar, const Limits& limits = {}) {
  return test::Parse(archive::tar, test::raw(tar), "a.tar", limits);
}

Confidence identify(const std::string& bytes) {
  MemorySource source{test::raw(bytes)};
  const ByteView head = source.view(0, Probe::kHeadSize);
  return archive::tar.identify({.head = head, .size = bytes.size(), .name = "", .source = &source});
}

}  // namespace

TEST_CASE("a member size of 2^63 is truncated, not trusted") {
  const std::string size = std::string("\x80\0\0\0\x80\0\0\0\0\0\0\0", 12);
  auto done = parse(tar_entry({.name = "a", .data = "abc", .size = size}) + kTarEnd);
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::truncated);
  REQUIRE(done.context.members.size() == 1);
  CHECK(done.context.members[0].bytes.starts_with("abc"));
}

TEST_CASE("a size with every bit set does not wrap around") {
  const std::string size("\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 12);
  auto done = parse(tar_entry({.name = "a", .data = "abc", .size = size}) + kTarEnd);
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::truncated);
}

TEST_CASE("bytes behind a negative size are still looked at") {
  auto done = parse(tar_entry({.name = "a", .data = "payload", .size = std::string(12, '\xff')}) +
                    tar_entry({.name = "b", .data = "more"}) + kTarEnd);
  CHECK(done.context.has_anomaly("archive.bad-header"));
  bool seen = false;
  for (const auto& member : done.context.members) seen |= member.bytes.starts_with("payload");
  CHECK(seen);
  CHECK(done.context.members.back().info.name == "b");
}

TEST_CASE("names that leave the directory are told from names that do not") {
  using archive::is_unsafe_name;
  for (const char* name :
       {"/a", "../a", "a/../b", "..", "C:a", "c:\\a", "\\\\host\\a", "a\\..\\b"}) {
    CAPTURE(name);
    CHECK(is_unsafe_name(name));
  }
  for (const char* name : {"a", "./a", "a..b", "..a/b", "a/...", "", "model:v1", "1:a"}) {
    CAPTURE(name);
    CHECK_FALSE(is_unsafe_name(name));
  }
  CHECK(is_unsafe_name(std::string_view("a\0b", 3)));
}

TEST_CASE("torch refuses its legacy tar format when only weights are wanted") {
  const std::string parts =
      tar_entry({.name = "storages", .data = "a"}) + tar_entry({.name = "tensors", .data = "b"});
  const auto whole = parse(parts + tar_entry({.name = "pickle", .data = "c"}) + kTarEnd);
  CHECK(whole.context.all<Metadata>() ==
        std::vector<Metadata>{{"torch.weights_only", "no: the legacy tar format is refused"}});
  CHECK(parse(parts + kTarEnd).context.all<Metadata>().empty());
}

TEST_CASE("links are followed from where they stand") {
  using archive::EntryKind;
  using archive::link_escapes;
  CHECK(link_escapes("a/l", "../../b", EntryKind::symlink));
  CHECK_FALSE(link_escapes("a/l", "../b", EntryKind::symlink));
  CHECK_FALSE(link_escapes("snapshots/1/w", "../../blobs/x", EntryKind::symlink));
  CHECK(link_escapes("l", "/etc/passwd", EntryKind::symlink));
  CHECK(link_escapes("a/l", "../b", EntryKind::hardlink));
  CHECK_FALSE(link_escapes("a/l", "b/../c", EntryKind::hardlink));
  CHECK(link_escapes("a/l", "b/../../../c", EntryKind::symlink));
}

TEST_CASE("members behind the end-of-archive blocks are examined and said to be there") {
  auto done = parse(tar_entry({.name = "a", .data = "1"}) + kTarEnd +
                    tar_entry({.name = "b", .data = "2"}) + kTarEnd);
  CHECK(done.result);
  CHECK(done.context.members.size() == 2);
  CHECK(done.context.has_anomaly("archive.members-after-end"));
}

TEST_CASE("data behind the end are trailing data, padding is not") {
  const std::string tar = tar_entry({.name = "a", .data = "1"}) + kTarEnd;
  auto padded = parse(tar + std::string(10240, '\0'));
  CHECK(padded.context.all<Anomaly>().empty());
  auto odd = parse(tar + std::string(100, '\0'));
  CHECK(odd.result);
  CHECK(odd.context.all<Anomaly>().empty());
  auto trailing = parse(tar + std::string(700, '\0') + "payload");
  CHECK(trailing.context.has_anomaly("archive.trailing-data"));
  CHECK(trailing.context.members.back().bytes == "payload");
}

TEST_CASE("a damaged header does not hide the members behind it") {
  auto done = parse(tar_entry({.name = "a", .data = "1"}) +
                    tar_entry({.name = "b", .data = "payload", .checksum_error = 1}) +
                    tar_entry({.name = "c", .data = "3"}) + kTarEnd);
  CHECK(done.result);
  CHECK(done.context.has_anomaly("archive.checksum"));
  REQUIRE(done.context.members.size() == 3);
  CHECK(done.context.members[1].bytes.starts_with("payload"));
  CHECK(done.context.members[2].info.name == "c");
}

TEST_CASE("a PAX size that contradicts the header is said, one that octal cannot hold is not") {
  const std::string inner = tar_entry({.name = "inner", .data = "x"});
  auto lie = parse(pax_header(pax_record("size", "1024")) +
                   tar_entry({.name = "a", .data = inner, .size = test::octal(0, 11)}) + kTarEnd);
  CHECK(lie.context.has_anomaly("archive.pax-overrides"));
  CHECK(lie.context.members.at(0).size == 1024);
  auto big = parse(pax_header(pax_record("size", "9000000000")) +
                   tar_entry({.name = "a", .size = test::octal(0, 11)}));
  CHECK(big.context.all<Anomaly>().empty());
  CHECK(big.result.error().code == ParseErrc::truncated);
}

TEST_CASE("a PAX path may lengthen the header's name, not name another file") {
  const auto with = [](const std::string& path, const std::string& name) {
    return parse(pax_header(pax_record("path", path)) + tar_entry({.name = name}) + kTarEnd)
        .context.has_anomaly("archive.pax-overrides");
  };
  CHECK_FALSE(with(std::string(150, 'x'), std::string(99, 'x')));
  CHECK_FALSE(with("d/\xC3\xA9.txt", "d/??.txt"));
  CHECK_FALSE(with("same", "same"));
  CHECK(with("b.pkl", "a.txt"));
}

TEST_CASE("a malformed PAX record that the end cuts off is told of no further than the end") {
  const std::string whole = pax_header("22 GNU.sparse.ma" + std::string(300, '=') + "\n");
  const auto done = parse(whole.substr(0, 577));
  REQUIRE(done.context.has_anomaly("archive.bad-header"));
  for (const Fact& fact : done.context.facts) CHECK(fact.offset + fact.size <= 577);
}

TEST_CASE("a PAX record of the global header holds for every entry, and is checked for each") {
  auto done = parse(pax_header(pax_record("path", "evil"), 'g') + tar_entry({.name = "good"}) +
                    tar_entry({.name = "fine"}) + kTarEnd);
  REQUIRE(done.context.members.size() == 2);
  CHECK(done.context.members[1].info.name == "evil");
  CHECK(done.context.has_anomaly("archive.pax-overrides"));
}

TEST_CASE("PAX records that readers refuse are said, and the rest is read") {
  const std::string body =
      GENERATE(as<std::string>{}, "path=x\n", "999 path=x\n", "5 a=b\n", "11 path=x\n",
               "99999999999999999999 a=b\n", "11 size=-1\n", "x");
  CAPTURE(body);
  auto done = parse(pax_header(body) + tar_entry({.name = "a", .data = "1"}) + kTarEnd);
  CHECK(done.result);
  CHECK(done.context.has_anomaly("archive.bad-header"));
  CHECK(done.context.members.at(0).info.name == "a");
}

TEST_CASE("an extended header over the limit is a gap, and the walk goes on") {
  auto done =
      parse(pax_header(std::string((1 << 20) + 1, 'x')) + tar_entry({.name = "a"}) + kTarEnd);
  REQUIRE(done.context.gaps.size() == 1);
  CHECK(done.context.gaps[0].code == ParseErrc::over_budget);
  CHECK(done.context.members.size() == 1);
}

TEST_CASE("an entry without data that declares some is read as the next header says") {
  const std::string hidden = tar_entry({.name = "hidden", .data = "payload"});
  auto directory = parse(tar_entry({.name = "d/", .type = '5', .size = test::octal(1024, 11)}) +
                         hidden + kTarEnd);
  CHECK(directory.context.has_anomaly("archive.ambiguous-data"));
  CHECK(directory.context.members.at(0).bytes == "payload");
  auto with_data = parse(tar_entry({.name = "d/", .data = "payload", .type = '5'}) +
                         tar_entry({.name = "b"}) + kTarEnd);
  CHECK(with_data.context.has_anomaly("archive.ambiguous-data"));
  CHECK(with_data.context.members.at(0).bytes == "payload");
  auto hard = parse(tar_entry({.name = "h", .type = '1', .link = "a", .size = test::octal(7, 11)}) +
                    hidden + kTarEnd);
  CHECK(hard.context.all<Anomaly>().empty());
}

TEST_CASE("sparse maps that make no sense show the stored bytes instead") {
  const std::string map = GENERATE(as<std::string>{}, "0,1,9,1", "1,1,0,1", "0,1,0,1", "0,1",
                                   "0,18446744073709551615", "0,2,18446744073709551615,1");
  CAPTURE(map);
  auto done =
      parse(pax_header(pax_record("GNU.sparse.size", "2") + pax_record("GNU.sparse.map", map)) +
            tar_entry({.name = "s", .data = "ab"}) + kTarEnd);
  CHECK(done.context.has_anomaly("archive.bad-header"));
  CHECK(done.context.members.at(0).bytes == "ab");
}

TEST_CASE("a sparse file is seen as its readers see it") {
  auto done =
      parse(pax_header(pax_record("GNU.sparse.name", "real") + pax_record("GNU.sparse.size", "6") +
                       pax_record("GNU.sparse.map", "1,1,4,1")) +
            tar_entry({.name = "GNUSparseFile.0/real", .data = "ab"}) + kTarEnd);
  CHECK(done.context.all<Anomaly>().empty());
  CHECK(done.context.members.at(0).bytes == std::string("\0a\0\0b\0", 6));
  CHECK(done.context.members.at(0).info.name == "real");
}

TEST_CASE("a sparse bomb stops at the ratio limit") {
  auto done = parse(pax_header(pax_record("GNU.sparse.size", "9000000000000000000") +
                               pax_record("GNU.sparse.map", "0,1")) +
                        tar_entry({.name = "s", .data = "a"}) + kTarEnd,
                    Limits{.ratio = 10, .ratio_floor = 1 << 20});
  CHECK(done.context.members.at(0).size < 4 << 20);
}

TEST_CASE("ten thousand empty members are listed, and the members limit is an error") {
  std::string tar;
  for (int i = 0; i < 10'000; ++i) tar += tar_entry({.name = "m" + std::to_string(i)});
  auto all = parse(tar + kTarEnd);
  CHECK(all.result);
  CHECK(all.context.members.size() == 10'000);
  auto few = parse(tar + kTarEnd, Limits{.members = 100});
  REQUIRE_FALSE(few.result);
  CHECK(few.result.error().code == ParseErrc::over_budget);
  CHECK(few.result.error().message.contains("members"));
  CHECK(few.context.members.size() == 100);
  CHECK(few.context.gaps.empty());
}

TEST_CASE("modes, devices and duplicates are said") {
  auto done =
      parse(tar_entry({.name = "run", .mode = 04755}) + tar_entry({.name = "d", .type = '3'}) +
            tar_entry({.name = "a"}) + tar_entry({.name = "./a"}) + kTarEnd);
  CHECK(done.context.has_anomaly("archive.setuid"));
  CHECK(done.context.has_anomaly("archive.device"));
  CHECK(done.context.has_anomaly("archive.duplicate-name"));
  auto shared = parse(tar_entry({.name = "d/", .type = '5', .mode = 02775}) + kTarEnd);
  CHECK(shared.context.all<Anomaly>().empty());
}

TEST_CASE("a tar without an end, or cut off at any byte, keeps what came before") {
  const std::string tar =
      tar_entry({.name = "a", .data = "one"}) + tar_entry({.name = "b"}) + kTarEnd;
  for (std::size_t size = 1; size < tar.size(); ++size) {
    auto done = parse(tar.substr(0, size));
    CAPTURE(size);
    CHECK(done.context.all<Member>().size() == (size >= 1536 ? 2U : size >= 512 ? 1U : 0U));
    // One end-of-archive block is enough to know that no member is missing.
    CHECK(done.result.has_value() == (size >= 2048));
    if (!done.result) CHECK(done.result.error().code == ParseErrc::truncated);
  }
}

TEST_CASE("an extended header without the header it announces is cut off") {
  const char type = GENERATE('L', 'K', 'x', 'g');
  CAPTURE(type);
  const std::string extension =
      tar_entry({.name = "././@LongLink", .data = pax_record("path", "long"), .type = type});
  const std::string before = tar_entry({.name = "a", .data = "1"});
  auto cut = parse(before + extension);
  REQUIRE_FALSE(cut.result);
  CHECK(cut.result.error().code == ParseErrc::truncated);
  // git writes a global header even when no entry follows.
  auto ended = parse(before + extension + kTarEnd);
  CHECK(ended.result);
  CHECK(ended.context.gaps.size() == (type == 'g' ? 0U : 1U));
}

TEST_CASE("a long name does not reach over the end to a member behind it") {
  auto done = parse(tar_entry({.name = "././@LongLink", .data = "long", .type = 'L'}) + kTarEnd +
                    tar_entry({.name = "b"}) + kTarEnd);
  CHECK(done.context.members.at(0).info.name == "b");
}

TEST_CASE("a second archive behind the end is cut off without an end of its own") {
  const std::string tar = tar_entry({.name = "a"}) + kTarEnd + tar_entry({.name = "b"});
  auto cut = parse(tar);
  REQUIRE_FALSE(cut.result);
  CHECK(cut.result.error().code == ParseErrc::truncated);
  CHECK(parse(tar + kTarEnd).result);
}

TEST_CASE("a tar is known by its checksum, with or without a magic") {
  CHECK(identify(tar_entry({.name = "a"})) == Confidence::certain);
  CHECK(identify(tar_entry({.name = "a", .magic = ""})) == Confidence::certain);
  CHECK(identify(tar_entry({.name = "a", .checksum_error = 1})) == Confidence::possible);
  CHECK(identify(tar_entry({.name = "a", .checksum_error = 1, .magic = ""})) == Confidence::none);
  CHECK(identify(std::string(10240, '\0')) == Confidence::none);
  CHECK(identify("ustar") == Confidence::none);
}
