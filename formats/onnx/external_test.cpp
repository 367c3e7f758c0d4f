#include "formats/onnx/external.h"

#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "formats/onnx/onnx.h"
#include "formats/onnx/test_model.h"
#include "tests/support/recording_context.h"

using namespace assay;
using namespace assay::onnx::test_model;
using test::Parse;

namespace {

std::set<std::string> codes(std::string_view model) {
  const Parse parse(onnx::format, test::raw(model));
  CHECK(parse.result.has_value());
  std::set<std::string> out;
  for (const Anomaly& a : parse.context.all<Anomaly>()) out.insert(a.code.substr(5));
  return out;
}

std::string at(std::string_view location) { return entry(13, "location", location); }

}  // namespace

TEST_CASE("a location that may leave the model's folder is told") {
  const auto location =
      GENERATE(as<std::string>{}, "../w", "a/../../w", "a/..", "..", "/etc/passwd", "C:\\w", "c:w",
               "\\\\host\\share\\w", "..\\w", "a\\b", std::string("w\0.bin", 6),
               "file:///etc/passwd", std::string(5000, 'a'));
  CAPTURE(location);
  CHECK(codes(model(external(at(location)))) == std::set<std::string>{"external-path-escapes"});
}

TEST_CASE("external data is checked key by key") {
  const auto [name, entries, code] = GENERATE(table<std::string, std::string, std::string>({
      {"no location", entry(13, "offset", "0"), "external-without-location"},
      {"empty location", at(""), "external-without-location"},
      {"unknown key", at("w") + entry(13, "__class__", "x"), "external-key-unknown"},
      {"two locations", at("w") + at("v"), "external-key-duplicate"},
      {"two offsets", at("w") + entry(13, "offset", "0") + entry(13, "offset", "4"),
       "external-key-duplicate"},
      {"underscore", at("w") + entry(13, "offset", "1_0"), "external-number"},
      {"blank", at("w") + entry(13, "offset", " 10"), "external-number"},
      {"plus", at("w") + entry(13, "offset", "+1"), "external-number"},
      {"negative", at("w") + entry(13, "length", "-1"), "external-number"},
      {"hexadecimal", at("w") + entry(13, "length", "0x4"), "external-number"},
      {"65 bits", at("w") + entry(13, "offset", "18446744073709551616"), "external-number"},
      {"wrong length", at("w") + entry(13, "length", "5"), "external-length-mismatch"},
      {"address", at("*/_ORT_MEM_ADDR_/*") + entry(13, "offset", "93824992231424"),
       "external-memory"},
      {"memory", at("#w"), "external-memory"},
      {"climbing base", at("w") + entry(13, "basepath", "../.."), "external-path-escapes"},
      {"controls", at("w\x1b[2J"), "external-path-unprintable"},
      {"inline, too", at("w") + len(9, "\1\2\3\4"), "external-with-inline-data"},
  }));
  CAPTURE(name);
  CHECK(codes(model(external(entries))) == std::set<std::string>{code});
}

TEST_CASE("entries beyond any number of keys are told without keeping them") {
  std::string entries = at("w");
  for (int i = 0; i < 100'000; ++i) entries += entry(13, "k", "v");
  CHECK(codes(model(external(entries))).contains("external-key-unknown"));
}

TEST_CASE("external data of a tensor that has its data inside is hidden") {
  CHECK(codes(model(tensor(5, 1, at("w") + len(9, "\1\2\3\4")))) ==
        std::set<std::string>{"hidden-external"});
}

TEST_CASE("plain external data is a reference for each file") {
  const std::string graph = external(at("w.bin") + entry(13, "offset", "0") +
                                     entry(13, "length", "4") + entry(13, "checksum", "ab")) +
                            external(at("w.bin") + entry(13, "offset", "4096")) +
                            external(at("sub/a..b.bin"));
  const Parse parse(onnx::format, test::raw(model(graph)));
  CHECK(parse.context.all<Anomaly>().empty());
  CHECK(parse.context.all<Reference>() ==
        std::vector<Reference>{{"external-data", "w.bin"}, {"external-data", "sub/a..b.bin"}});
}
