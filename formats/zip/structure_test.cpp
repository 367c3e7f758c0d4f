#include <catch2/catch.hpp>

#include "formats/zip/zip_builder.h"

// Each archive here lists, for one loader, other members than for another.

using namespace assay;
using namespace assay::zip::test;
using assay::test::Parse;

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

TEST_CASE("a directory in the comment, where the offset leads, is examined too") {
  // Python takes the one before the end record, miniz the one behind it.
  Builder front;
  front.add("a", "1");
  const std::size_t comment_at = front.finish().size();
  Builder back{.bytes = std::string(comment_at, ' ')};
  back.add("b", kEvil);
  const std::string comment = back.bytes.substr(comment_at) + back.directory;
  const Parse p =
      parse(front.bytes + front.directory + front.end_record(back.bytes.size(), comment));
  CHECK(p.context.has_anomaly("zip.two-directories"));
  CHECK(examined(p, kEvil));
}

TEST_CASE("a directory that stands before its declared offset is odd") {
  Builder zip;
  zip.bytes = "front";
  const std::string cut = zip.add("a", "1").finish().substr(5);
  CHECK(codes(parse(cut)) == Codes{"zip.directory-offset-differs"});
  CHECK(codes(parse(Builder().end_record(127))) == Codes{"zip.directory-offset-differs"});
}

TEST_CASE("an archive that says it is one of several is part of a set") {
  const std::string whole = Builder().add("a", "1").finish();
  std::string file = whole;
  file[whole.size() - 14] = 3;  // entries on this disk
  CHECK(codes(parse(file)) == Codes{"zip.multi-disk"});
}

TEST_CASE("entries beyond the declared count and size are examined") {
  Builder zip;
  zip.add("a", "1").add("b", kEvil);
  std::string file = zip.finish();
  SECTION("count") {
    file.replace(file.size() - 14, 4, le(1, 2) + le(1, 2));
    CHECK(codes(parse(file)) == Codes{"zip.entry-count-differs"});
  }
  SECTION("size") {
    file.replace(file.size() - 10, 4, le(47, 4));
    CHECK(parse(file).context.has_anomaly("zip.directory-size-differs"));
  }
  CHECK(examined(parse(file), kEvil));
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
