#include <catch2/catch.hpp>

#include "formats/zip/zip_builder.h"

// Each member here shows one loader something that it hides from another.

using namespace assay;
using namespace assay::zip::test;
using assay::test::Parse;

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
    central.crc = crc32(kEvil.substr(0, 4));
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

TEST_CASE("a zip64 field with other sizes, not asked for, is an anomaly") {
  const Parse p = parse(differing([](Header& local, Header& central) {
    local.extra = central.extra = le(1, 2) + le(16, 2) + le(1, 8) + le(1, 8);
  }));
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
  h.extra =
      le(0x7075, 2) + le(5 + other.size(), 2) + "\x01" + le(crc32("a.txt"), 4) + std::string(other);
  const Parse p = parse(Builder().add(h, "1").finish());
  CHECK(p.context.has_anomaly("zip.unicode-path-differs") == (other != "a.txt"));
}
