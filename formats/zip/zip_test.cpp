#include "formats/zip/zip.h"

#include <catch2/catch.hpp>

#include "core/budget.h"
#include "formats/zip/zip_builder.h"
#include "tests/support/recording_context.h"

using namespace assay;
using namespace assay::zip::test;
using assay::test::Parse;
using assay::test::raw;

namespace {

Confidence identify(const std::string& file) {
  const auto bytes = raw(file);
  MemorySource source{Bytes(bytes)};
  return zip::format.identify({clip(bytes, 0, Probe::kHeadSize), bytes.size(), "", &source});
}

}  // namespace

TEST_CASE("stored and deflated members come out whole, in file order, without an anomaly") {
  Builder zip;
  zip.add("a.txt", "alpha");
  zip.add(deflated("b.txt", "beta"), deflate("beta"));
  const Parse p = parse(zip.finish());
  REQUIRE(p.result.has_value());
  CHECK(codes(p).empty());
  CHECK(p.context.gaps.empty());
  CHECK(p.context.format_name == "zip");
  REQUIRE(p.context.members.size() == 2);
  CHECK(p.context.members[0].info.name == "a.txt");
  CHECK(p.context.members[0].info.offset == 35);
  CHECK(p.context.members[0].bytes == "alpha");
  CHECK(p.context.members[1].bytes == "beta");
  CHECK(p.context.members[1].complaints.empty());
}

TEST_CASE("each central entry is a Member fact, folders too, which are not examined") {
  Builder zip;
  zip.add("dir/", "").add(deflated("dir/b", "beta"), deflate("beta"));
  const Parse p = parse(zip.finish());
  CHECK(p.context.all<Member>() ==
        std::vector<Member>{{"dir/", "directory", 0, 0}, {"dir/b", "deflate", 9, 4}});
  REQUIRE(p.context.members.size() == 1);
  CHECK(p.context.members[0].info.name == "dir/b");
}

TEST_CASE("sizes in a data descriptor, with or without magic, 32 or 64 bit, are no anomaly") {
  const bool has_magic = GENERATE(true, false);
  const int width = GENERATE(4, 8);
  CAPTURE(has_magic, width);
  const std::string data = deflate("streamed");
  Header full = deflated("a", "streamed");
  full.flags = 8;
  Header local = full;
  local.crc = 0;
  local.size = local.stored_size = 0;
  Builder zip;
  const auto at = zip.local(local, data);
  zip.bytes += (has_magic ? "PK\x07\x08" : "") + le(full.crc, 4) + le(full.stored_size, width) +
               le(full.size, width);
  zip.central(full, at);
  zip.add("next", "1");
  const Parse p = parse(zip.finish());
  CHECK(codes(p).empty());
  REQUIRE(p.context.members.size() == 2);
  CHECK(p.context.members[0].bytes == "streamed");
}

TEST_CASE("zip64 sizes in the local header only, and zip64 end records, are no anomaly") {
  Header full = stored("a", "data");
  Header local = full;
  local.size = local.stored_size = 0xFFFFFFFF;
  local.extra = le(1, 2) + le(16, 2) + le(4, 8) + le(4, 8);
  Builder zip;
  zip.central(full, zip.local(local, "data"));
  const auto directory_at = zip.bytes.size();
  const auto end64_at = directory_at + zip.directory.size();
  std::string file = zip.bytes + zip.directory;
  file += "PK\x06\x06" + le(44, 8) + le(45, 2) + le(45, 2) + le(0, 8) + le(1, 8) + le(1, 8) +
          le(zip.directory.size(), 8) + le(directory_at, 8);
  file += "PK\x06\x07" + le(0, 4) + le(end64_at, 8) + le(1, 4);
  SECTION("asked for") {
    file += "PK\x05\x06" + le(0, 4) + le(0xFFFF, 2) + le(0xFFFF, 2) + le(0xFFFFFFFF, 4) +
            le(0xFFFFFFFF, 4) + le(0, 2);
  }
  SECTION("told twice") { file += zip.end_record(directory_at); }
  const Parse p = parse(file);
  REQUIRE(p.result.has_value());
  CHECK(codes(p).empty());
  REQUIRE(p.context.members.size() == 1);
  CHECK(p.context.members[0].bytes == "data");
}

TEST_CASE("bytes that no entry claims are told apart from a member that takes their name") {
  Builder zip;
  zip.add("a", "1");
  zip.bytes += "left over";
  zip.add("[bytes at 32]", "claimed");
  const Parse p = parse(zip.finish());
  REQUIRE(p.context.members.size() == 3);
  for (const auto& member : p.context.members) {
    CHECK(member.info.unclaimed == (member.bytes == "left over"));
  }
}

TEST_CASE("the archive inside a stored member brings no second end record into this one") {
  const std::string inner = Builder().add("x", "1").finish();
  const Parse p = parse(Builder().add("inner.zip", inner).finish());
  CHECK(codes(p).empty());
  REQUIRE(p.context.members.size() == 1);
  CHECK(p.context.members[0].bytes == inner);
}

TEST_CASE("no member begins behind the end, wherever the directory says it is") {
  std::string file = Builder().add("a", "1").finish();
  const auto central = file.find("PK\x01\x02");
  file[file.size() - 2] = 4;
  file += "\xff\xff\xff\xff";  // the comment, where the name's and extra field's lengths would be
  file[central + 42] = static_cast<char>(file.size() - 30);  // room for a header, not for a name
  const Parse p = parse(file);
  CHECK_FALSE(p.context.gaps.empty());
  REQUIRE_FALSE(p.context.members.empty());
  for (const auto& member : p.context.members) CHECK(member.info.offset <= file.size());
}

TEST_CASE("an empty archive is a zip with nothing in it") {
  const std::string file = Builder().finish();
  CHECK(identify(file) == Confidence::certain);
  const Parse p = parse(file);
  CHECK(p.result.has_value());
  CHECK(p.context.facts.empty());
}

TEST_CASE("a zip is known by its head, and by a directory at its tail behind any head") {
  const std::string file = Builder().add("a", "1").finish();
  CHECK(identify(file) == Confidence::certain);
  CHECK(identify(file.substr(0, 40)) == Confidence::certain);
  CHECK(identify("\x80\x04N." + file) == Confidence::certain);
  CHECK(identify("XX" + file.substr(2)) == Confidence::certain);
}

TEST_CASE("magic bytes alone do not make a zip") {
  const std::string bytes =
      GENERATE(as<std::string>{}, "", "PK", "PK\x03\x04", "PK\x03\x04 some words about zip files",
               "text PK\x05\x06 and eighteen more bytes", "\x80\x04N.PK\x01\x02");
  CAPTURE(bytes);
  CHECK(identify(bytes) == Confidence::none);
}

TEST_CASE("the entries make the flavour") {
  using Names = std::vector<std::string>;
  const auto [expected, names] = GENERATE(table<std::string, Names>({
      {"npz", {"x.npy", "y.npy"}},
      {"zip", {"x.npy", "y.pkl"}},
      {"keras", {"metadata.json", "config.json", "model.weights.h5"}},
      {"zip", {"config.json"}},
      {"mar", {"MAR-INF/MANIFEST.json", "handler.py"}},
      {"skops", {"schema.json"}},
      {"torch-zip", {"archive/data.pkl", "archive/version"}},
      {"torchscript-zip", {"m/data.pkl", "m/constants.pkl", "m/code/__torch__.py"}},
      {"torch-package", {"p/.data/extern_modules", "p/model/data.pkl", "p/x.py"}},
      {"pt2", {"p/archive_format", "p/archive_version", "p/models/model.json"}},
      {"zip", {"data.pkl"}},
  }));
  CAPTURE(expected, names);
  Builder zip;
  for (const std::string& name : names) zip.add(name, "1");
  CHECK(parse(zip.finish()).context.format_name == expected);
}

TEST_CASE("storages of a torch zip are raw data; what only looks like one is not") {
  Builder zip;
  zip.add("a/data.pkl", "N.").add("a/data/0", "1").add("a/data/x.pkl", "2").add("b/data/1", "3");
  const Parse p = parse(zip.finish());
  REQUIRE(p.context.members.size() == 4);
  CHECK_FALSE(p.context.members[0].info.raw_data);
  CHECK(p.context.members[1].info.raw_data);
  CHECK_FALSE(p.context.members[2].info.raw_data);
  CHECK_FALSE(p.context.members[3].info.raw_data);
}

TEST_CASE("a torch zip tells its root, version and byte order") {
  Builder zip;
  zip.add("m/data.pkl", "N.").add("m/byteorder", "little");
  zip.add(deflated("m/version", "3\n"), deflate("3\n"));
  const Parse p = parse(zip.finish());
  CHECK(p.context.all<Metadata>() == std::vector<Metadata>{{"torch.root", "m"},
                                                           {"torch.weights_only", "yes"},
                                                           {"torch.byteorder", "little"},
                                                           {"torch.version", "3"}});
}

TEST_CASE("a torch zip tells whether the restricted unpickler takes its pickle, packed or not") {
  const std::string pickle = "cposix\nsystem\n.";
  const Metadata refused{"torch.weights_only",
                         "no: byte 0: GLOBAL posix.system is not on the allow list"};
  const auto told = [](const Parse& p) {
    std::vector<Metadata> out = p.context.all<Metadata>();
    std::erase_if(out, [](const Metadata& m) { return !m.key.starts_with("torch.weights_only"); });
    return out;
  };
  CHECK(told(parse(Builder().add("m/data.pkl", pickle).finish())) == std::vector{refused});
  const Parse packed =
      parse(Builder().add(deflated("m/data.pkl", pickle), deflate(pickle)).finish());
  CHECK(told(packed) == std::vector{refused});
  CHECK(told(parse(Builder().add("m/other.pkl", pickle).finish())).empty());
  Builder many;
  for (int i = 0; i < 100; ++i) many.add("m/data.pkl", "N.");
  CHECK(told(parse(many.finish())).size() == 8);
  const Parse script =
      parse(Builder().add("m/data.pkl", "N.").add("m/constants.pkl", "N.").finish());
  REQUIRE(told(script).size() == 2);
  CHECK(told(script)[0].value.starts_with("no: TorchScript"));
}

TEST_CASE("methods that are not read are gaps that name the method; the bytes are shown raw") {
  const auto [method, word] =
      GENERATE(table<int, std::string>({{9, "deflate64"}, {98, "ppmd"}, {77, "method 77"}}));
  CAPTURE(method);
  Header h = stored("a", "data");
  h.method = static_cast<std::uint16_t>(method);
  const Parse p = parse(Builder().add(h, "data").finish());
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::unsupported);
  CHECK_THAT(p.context.gaps[0].message, Catch::Contains(word));
  REQUIRE(p.context.members.size() == 1);
  CHECK(p.context.members[0].bytes == "data");
}

TEST_CASE("a symbolic link is a reference to its target") {
  const auto [target, escapes] = GENERATE(table<std::string, bool>(
      {{"../etc/passwd", false}, {"../../x", true}, {"/etc/passwd", true}, {"file", false}}));
  CAPTURE(target);
  Header h = stored("dir/link", target);
  h.attributes = 0120777U << 16U;
  const Parse p = parse(Builder().add(h, target).finish());
  CHECK(p.context.all<Reference>() == std::vector<Reference>{{"link", target}});
  CHECK(p.context.has_anomaly("zip.symlink"));
  CHECK(p.context.has_anomaly("zip.symlink-escapes") == escapes);
}

TEST_CASE("members beyond the budget are a gap, not silence") {
  Builder zip;
  for (int i = 0; i < 10; ++i) zip.add("m" + std::to_string(i), "x");
  Limits limits;
  limits.members = 4;
  const Parse p = parse(zip.finish(), limits);
  REQUIRE_FALSE(p.result.has_value());
  CHECK(p.result.error().code == ParseErrc::over_budget);
  CHECK(p.context.members.size() == 4);
}

TEST_CASE("the archive's comment is metadata, and read like code") {
  const Parse p = parse(Builder().add("a", "1").finish("hello"));
  CHECK(p.context.all<Metadata>() == std::vector<Metadata>{{"zip.comment", "hello"}});
  CHECK(p.context.code.size() == 1);
  CHECK(codes(p).empty());
}
