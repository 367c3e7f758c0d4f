#include <catch2/catch.hpp>

#include "formats/zip/zip.h"
#include "formats/zip/zip_builder.h"
#include "tests/support/recording_context.h"

// Each zip here shows one loader something that it hides from another.

using namespace assay;
using assay::test::Parse;
using assay::test::raw;
using zip::test::Builder;
using zip::test::deflate;
using zip::test::deflated;
using zip::test::Header;
using zip::test::le;
using zip::test::stored;

namespace {

constexpr std::string_view kEvil = "cposix\nsystem\n(S'echo'\ntR.";

Parse parse(const std::string& file, const Limits& limits = {}) {
  return Parse(zip::format, raw(file), "", limits);
}

bool examined(const Parse& p, std::string_view content) {
  for (const auto& member : p.context.members) {
    if (member.bytes == content) return true;
  }
  return false;
}

std::vector<std::string> codes(const Parse& p) {
  std::vector<std::string> out;
  for (const Anomaly& a : p.context.all<Anomaly>()) out.push_back(a.code);
  return out;
}

using Codes = std::vector<std::string>;

// A zip of one stored member whose headers `edit` makes differ.
template <typename F>
std::string differing(F edit) {
  Header local = stored("a.pkl", kEvil);
  Header central = local;
  edit(local, central);
  Builder zip;
  zip.central(central, zip.local(local, kEvil));
  return zip.finish();
}

}  // namespace

TEST_CASE("a local name other than the directory's is an anomaly; the member is examined") {
  const Parse p = parse(differing([](Header& local, Header&) { local.name = "a.txt"; }));
  CHECK(codes(p) == Codes{"zip.local-name-differs"});
  CHECK(examined(p, kEvil));
}

TEST_CASE("with two methods the member is examined under both") {
  SECTION("the directory says deflate, the data is stored") {
    const Parse p = parse(differing([](Header&, Header& central) { central.method = 8; }));
    CHECK(p.context.has_anomaly("zip.local-method-differs"));
    CHECK(examined(p, kEvil));
  }
  SECTION("the directory says stored, the data is deflated") {
    Header local = deflated("a", kEvil);
    Header central = local;
    central.method = 0;
    Builder zip;
    zip.central(central, zip.local(local, deflate(kEvil)));
    const Parse p = parse(zip.finish());
    CHECK(p.context.has_anomaly("zip.local-method-differs"));
    CHECK(examined(p, kEvil));
  }
}

TEST_CASE("with two sizes the member is examined under both") {
  const Parse p = parse(differing([](Header&, Header& central) {
    central.stored_size = central.size = 4;
    central.crc = zip::test::crc32(kEvil.substr(0, 4));
  }));
  CHECK(p.context.has_anomaly("zip.local-size-differs"));
  CHECK(examined(p, kEvil.substr(0, 4)));
  CHECK(examined(p, kEvil));
}

TEST_CASE("a stored member with two sizes of its own is examined under both") {
  const Parse p = parse(differing(
      [](Header& local, Header& central) { local.stored_size = central.stored_size = 4; }));
  CHECK(p.context.has_anomaly("zip.size-mismatch"));
  CHECK(examined(p, kEvil.substr(0, 4)));
  CHECK(examined(p, kEvil));
}

TEST_CASE("a wrong CRC is an anomaly and hides nothing") {
  const auto lie = [](Header& local, Header& central) { local.crc = central.crc = 1; };
  SECTION("stored") {
    const Parse p = parse(differing(lie));
    CHECK(codes(p) == Codes{"zip.crc-mismatch"});
    CHECK(examined(p, kEvil));
  }
  SECTION("deflated: the stream complains too") {
    Header h = deflated("a", kEvil);
    h.crc = 1;
    const Parse p = parse(Builder().add(h, deflate(kEvil)).finish());
    CHECK(codes(p) == Codes{"zip.crc-mismatch"});
    CHECK(examined(p, kEvil));
    CHECK(p.context.members[0].complaints.size() == 1);
  }
  SECTION("in one header only") {
    const Parse p = parse(differing([](Header& local, Header&) { local.crc = 1; }));
    CHECK(codes(p) == Codes{"zip.local-crc-differs"});
  }
}

TEST_CASE("deflate data that expands to another size, or ends early, is an anomaly") {
  Header h = deflated("a", kEvil);
  h.size = 3;
  std::string data = deflate(kEvil);
  SECTION("declared smaller") {}
  SECTION("bytes behind the last block") {
    h = deflated("a", kEvil);
    data += "hidden";
    h.stored_size += 6;
  }
  const Parse p = parse(Builder().add(h, data).finish());
  CHECK(codes(p) == Codes{"zip.size-mismatch"});
  CHECK(examined(p, kEvil));
}

TEST_CASE("flag bits that some readers refuse do not stop the examination") {
  const auto [bits, code] = GENERATE(table<int, std::string>({{0x1, "zip.encrypted-flag"},
                                                              {0x20, "zip.refused-flags"},
                                                              {0x40, "zip.refused-flags"},
                                                              {0x2000, "zip.refused-flags"}}));
  const bool is_deflated = GENERATE(false, true);
  CAPTURE(bits, is_deflated);
  Header h = is_deflated ? deflated("a", kEvil) : stored("a", kEvil);
  h.flags = static_cast<std::uint16_t>(bits);
  const std::string data = is_deflated ? deflate(kEvil) : std::string(kEvil);
  SECTION("in both headers") {
    const Parse p = parse(Builder().add(h, data).finish());
    CHECK(codes(p) == Codes{code});
    CHECK(p.context.gaps.empty());
    CHECK(examined(p, kEvil));
  }
  SECTION("in one header") {
    Header central = h;
    central.flags = 0;
    Builder zip;
    zip.central(central, zip.local(h, data));
    const Parse p = parse(zip.finish());
    CHECK(p.context.has_anomaly("zip.local-flags-differ"));
    CHECK(p.context.gaps.empty());
    CHECK(examined(p, kEvil));
  }
}

TEST_CASE("an encrypted member is a gap") {
  Header h = stored("a", "0123456789ab-scrambled");
  h.flags = 1;
  h.size -= 12;
  h.crc = 0x12345678;
  const Parse p = parse(Builder().add(h, "0123456789ab-scrambled").finish());
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::encrypted);
  CHECK_FALSE(p.context.has_anomaly("zip.encrypted-flag"));
}

TEST_CASE("a local header that no entry points to is a hidden member, and examined") {
  const bool is_deflated = GENERATE(false, true);
  const Header hidden = is_deflated ? deflated("h.pkl", kEvil) : stored("h.pkl", kEvil);
  const std::string data = is_deflated ? deflate(kEvil) : std::string(kEvil);
  Builder zip;
  SECTION("first") {
    zip.local(hidden, data);
    zip.add("a", "1");
  }
  SECTION("between") {
    zip.add("a", "1");
    zip.local(hidden, data);
    zip.add("b", "2");
  }
  SECTION("last") {
    zip.add("a", "1");
    zip.local(hidden, data);
  }
  SECTION("without declared size") {
    Header streamed = hidden;
    streamed.flags = 8;
    streamed.crc = 0;
    streamed.size = streamed.stored_size = 0;
    zip.add("a", "1");
    zip.local(streamed, data);
    zip.bytes += "PK\x07\x08" + le(hidden.crc, 4) + le(data.size(), 4) + le(kEvil.size(), 4);
    zip.add("b", "2");
  }
  const Parse p = parse(zip.finish());
  CHECK(codes(p) == Codes{"zip.hidden-member"});
  CHECK(examined(p, kEvil));
}

TEST_CASE("a member hidden in the declared size of another one is found") {
  Builder inner;
  inner.local(stored("h.pkl", kEvil), kEvil);
  Header local = stored("a", "1");
  Header central = local;
  central.stored_size = central.size = 1 + inner.bytes.size();
  Builder zip;
  zip.central(central, zip.local(local, "1" + inner.bytes));
  const Parse p = parse(zip.finish());
  CHECK(p.context.has_anomaly("zip.hidden-member"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("without a central directory the local headers are walked, and the file is truncated") {
  Builder zip;
  zip.add("a", "1").add(deflated("b.pkl", kEvil), deflate(kEvil)).add("c", "22");
  const Parse p = parse(zip.bytes);
  REQUIRE_FALSE(p.result.has_value());
  CHECK(p.result.error().code == ParseErrc::truncated);
  CHECK(p.context.members.size() == 3);
  CHECK(examined(p, kEvil));
}

TEST_CASE("no member of a zip without directory swallows those behind it") {
  Header first = stored("a", "1");
  SECTION("by a size past the end") { first.stored_size = first.size = 5000; }
  SECTION("by damaged deflate data of undeclared size") {
    first.method = 8;
    first.flags = 8;
    first.crc = 0;
    first.stored_size = first.size = 0;
  }
  Builder zip;
  zip.local(first, "damaged");
  zip.add("b.pkl", kEvil);
  const Parse p = parse(zip.bytes);
  CHECK(examined(p, kEvil));
}

TEST_CASE("a broken local magic does not hide the member") {
  std::string file = Builder().add("a.pkl", kEvil).finish();
  file[0] = 'Q';
  const Parse p = parse(file);
  CHECK(codes(p) == Codes{"zip.bad-local-magic"});
  CHECK(examined(p, kEvil));
}

TEST_CASE("names that occur twice are told, exactly or but for case; all are examined") {
  const auto [second, code] = GENERATE(
      table<std::string, std::string>({{"a", "zip.duplicate-name"}, {"A", "zip.case-collision"}}));
  const Parse p = parse(Builder().add("a", "1").add(second, kEvil).finish());
  CHECK(codes(p) == Codes{code});
  CHECK(p.context.members.size() == 2);
}

TEST_CASE("two records that torch cannot tell apart have a code of their own") {
  Builder zip;
  zip.add("a/data.pkl", "N.").add("a/DATA.PKL", kEvil);
  CHECK(parse(zip.finish()).context.has_anomaly("torch.case-collision"));
}

TEST_CASE("bytes before, between and behind are told") {
  const std::string good = Builder().add("a", "1").finish();
  CHECK(codes(parse("prefix" + good)) == Codes{"zip.prefix-data"});
  CHECK(codes(parse(good + "trailing")) == Codes{"zip.trailing-data"});
  CHECK(codes(parse(good + std::string(9, '\0'))) == Codes{"zip.zero-padding"});
  Builder gap;
  gap.add("a", "1");
  gap.bytes += "gap";
  gap.add("b", "2");
  const Parse p = parse(gap.finish());
  CHECK(codes(p) == Codes{"zip.gap-bytes"});
  CHECK(examined(p, "gap"));
}

TEST_CASE("a prefix that offsets count, or do not count, moves no member") {
  Builder counted;
  counted.bytes = "prefix";
  counted.add("a", kEvil);
  CHECK(examined(parse(counted.finish()), kEvil));
  CHECK(examined(parse("prefix" + Builder().add("a", kEvil).finish()), kEvil));
}

TEST_CASE("members that share bytes overlap") {
  Builder zip;
  const Header h = stored("a", "11");
  const auto at = zip.local(h, "11");
  zip.central(h, at);
  zip.central(stored("b", "11"), at);
  const Parse p = parse(zip.finish());
  CHECK(codes(p) == Codes{"zip.local-name-differs", "zip.overlap"});
}

TEST_CASE("an end record in the comment does not hide the directory before it") {
  const std::string decoy = Builder().finish();
  const Parse p = parse(Builder().add("a", kEvil).finish(decoy));
  CHECK(p.context.has_anomaly("zip.comment-holds-end-record"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("two archives one behind the other are both examined") {
  const std::string first = Builder().add("a", kEvil).finish();
  const Parse p = parse(first + Builder().add("b", "2").finish());
  CHECK(p.context.has_anomaly("zip.multiple-end-records"));
  CHECK(examined(p, kEvil));
  CHECK(examined(p, "2"));
}

TEST_CASE("a stored archive that the outer comment-less end record hides is still a second one") {
  // The inner end record's comment reaches to the end of the file: readers that
  // insist on that (Java's) take it.
  Builder inner;
  inner.add("x", kEvil);
  Builder outer;
  const std::string name = "i";
  const std::size_t inner_at = 30 + name.size();
  std::string body = inner.finish();
  const Builder shape = Builder(outer).add(name, body);
  const std::size_t rest = shape.finish().size() - inner_at - body.size();
  body.replace(body.size() - 2, 2, le(rest, 2));
  const Parse p = parse(Builder(outer).add(name, body).finish());
  CHECK(p.context.has_anomaly("zip.comment-holds-end-record"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("one end record, two directories: both are examined") {
  // Backwards from the end record stands one directory, at its offset another.
  Builder zip;
  const auto at_a = zip.local(stored("a", kEvil), kEvil);
  const auto at_b = zip.local(stored("b", "2"), "2");
  Builder first;
  first.central(stored("a", kEvil), at_a);
  Builder second;
  second.central(stored("b", "2"), at_b + 47);
  const std::string file =
      zip.bytes + first.directory + second.directory + second.end_record(zip.bytes.size());
  const Parse p = parse(file);
  CHECK(p.context.has_anomaly("zip.two-directories"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("entries beyond the declared count and size are examined") {
  Builder zip;
  zip.add("a", "1").add("b", kEvil);
  std::string file = zip.finish();
  SECTION("count") {
    file[file.size() - 12] = 1;
    CHECK(codes(parse(file)) == Codes{"zip.entry-count-differs"});
  }
  SECTION("size") {
    file.replace(file.size() - 10, 4, le(47, 4));
    CHECK(parse(file).context.has_anomaly("zip.directory-size-differs"));
  }
  CHECK(examined(parse(file), kEvil));
}

TEST_CASE("a zip64 field with other sizes, not asked for, is an anomaly") {
  const Parse p = parse(differing([](Header& local, Header& central) {
    local.extra = central.extra = le(1, 2) + le(16, 2) + le(1, 8) + le(1, 8);
  }));
  CHECK(p.context.has_anomaly("zip.zip64-mismatch"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("a zip64 locator that points nowhere is an anomaly, and hides nothing") {
  Builder zip;
  zip.add("a", kEvil);
  const std::string file = zip.bytes + zip.directory + "PK\x06\x07" + le(0, 4) + le(5, 8) +
                           le(1, 4) + zip.end_record(zip.bytes.size());
  const Parse p = parse(file);
  CHECK(p.context.has_anomaly("zip.zip64-mismatch"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("sizes near 2^64 are clipped to the file and told as truncated") {
  const Parse p = parse(differing([](Header& local, Header& central) {
    central.stored_size = central.size = 0xFFFFFFFF;
    central.extra = le(1, 2) + le(16, 2) + le(~0ULL, 8) + le(~0ULL, 8);
    local.flags = central.flags = 8;
    local.size = local.stored_size = 0;
  }));
  REQUIRE_FALSE(p.context.gaps.empty());
  CHECK(p.context.gaps[0].code == ParseErrc::truncated);
  REQUIRE_FALSE(p.context.members.empty());
  CHECK(p.context.members[0].bytes.starts_with(kEvil));
}

TEST_CASE("an entry that points past the end is a gap") {
  Builder zip;
  zip.central(stored("a", kEvil), 5000);
  zip.local(stored("a", kEvil), kEvil);
  const Parse p = parse(zip.finish());
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::truncated);
  CHECK(p.context.has_anomaly("zip.hidden-member"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("names that lead elsewhere are unsafe") {
  using namespace std::string_literals;
  const auto name = GENERATE(as<std::string>{}, "../a", "a/../../b", "/etc/passwd", "C:\\x", "c:/x",
                             "\\\\host\\x", "a\\..\\..\\b", "a.pkl\0.txt"s, "..");
  CAPTURE(name);
  CHECK(codes(parse(Builder().add(name, "1").finish())) == Codes{"zip.unsafe-name"});
}

TEST_CASE("names that only look unsafe are not") {
  const auto name =
      GENERATE(as<std::string>{}, "..a", "a..", "a/...", "a/..b/c", "model:v1", "x/c:");
  CAPTURE(name);
  CHECK(codes(parse(Builder().add(name, "1").finish())).empty());
}

TEST_CASE("a folder with content is examined") {
  const Parse p = parse(Builder().add("data.pkl/", kEvil).finish());
  CHECK(codes(p) == Codes{"zip.directory-with-data"});
  CHECK(examined(p, kEvil));
}

TEST_CASE("a Unicode path field that names another file is an anomaly") {
  const std::string_view other = GENERATE(as<std::string_view>{}, "b.pkl", "a.txt");
  Header h = stored("a.txt", "1");
  h.extra = le(0x7075, 2) + le(5 + other.size(), 2) + "\x01" + le(zip::test::crc32("a.txt"), 4) +
            std::string(other);
  const Parse p = parse(Builder().add(h, "1").finish());
  CHECK(p.context.has_anomaly("zip.unicode-path-differs") == (other != "a.txt"));
}

TEST_CASE("a bomb of overlapping stored members runs out of budget, not of time") {
  const std::string data(100'000, 'x');
  Builder zip;
  const Header h = stored("a", data);
  const auto at = zip.local(h, data);
  for (int i = 0; i < 1000; ++i) zip.central(h, at);
  Limits limits;
  limits.expanded_bytes = 1'000'000;
  const Parse p = parse(zip.finish(), limits);
  CHECK(p.context.members.size() < 20);
  CHECK_FALSE(p.context.gaps.empty());
}

TEST_CASE("every truncation of a zip parses without harm and is never silently whole") {
  Builder zip;
  zip.add("a/data.pkl", kEvil).add(deflated("a/b", "beta"), deflate("beta"));
  const std::string file = zip.finish();
  for (std::size_t size = 1; size < file.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(parse(file.substr(0, size)).result.has_value());
  }
}

TEST_CASE("every change of one byte leaves facts inside the file") {
  Builder zip;
  zip.add("a/data.pkl", "N.").add(deflated("a/b", "b"), deflate("b"));
  const std::string file = zip.finish("c");
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (int value = 0; value < 256; value += 5) {
      std::string mutant = file;
      mutant[at] = static_cast<char>(value);
      const Parse p = parse(mutant);
      for (const Fact& fact : p.context.facts) {
        if (fact.offset + fact.size > mutant.size()) FAIL("fact outside, byte " << at);
      }
    }
  }
}
