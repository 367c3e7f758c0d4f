#include "formats/safetensors/safetensors.h"

#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;
using safetensors::parse_layout;
using test::Parse;

namespace {

// A file of `header`, its length before it and `data_size` zero bytes behind it.
std::vector<std::byte> file(std::string_view header, std::size_t data_size) {
  std::string out;
  for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  out += header;
  out.append(data_size, '\0');
  return test::raw(out);
}

std::set<std::string> codes(const Parse& parse) {
  std::set<std::string> out;
  for (const Anomaly& a : parse.context.all<Anomaly>()) {
    const std::string code = a.code.substr(a.code.find('.') + 1);
    if (code != "unaligned-header") out.insert(code);
  }
  return out;
}

std::string repeated(std::string_view unit, std::size_t count) {
  std::string out;
  out.reserve(unit.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += unit;
  return out;
}

constexpr const char* kA = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";

}  // namespace

TEST_CASE("a header length past the end of the file is truncated, not trusted") {
  MemorySource source(test::bytes("ff 00 00 00 00 00 00 00 7b"));
  const auto layout = parse_layout(source);
  REQUIRE_FALSE(layout.has_value());
  CHECK(layout.error().code == ParseErrc::truncated);
  CHECK(layout.error().offset == 8);
}

TEST_CASE("a header length the reference would not take is malformed") {
  const auto hex = GENERATE(as<std::string>{}, "00 00 00 00 00 00 00 00 7b 7d",
                            "01 00 00 00 00 00 00 00 7b 7d", "01 e1 f5 05 00 00 00 00 7b 7d",
                            "ff ff ff ff ff ff ff ff 7b 7d", "f8 ff ff ff ff ff ff ff 7b 7d");
  CAPTURE(hex);
  const Parse parse(safetensors::format, test::bytes(hex));
  REQUIRE_FALSE(parse.result.has_value());
  CHECK(parse.result.error().code == ParseErrc::malformed);
  CHECK(parse.context.has_anomaly("safetensors.header-size"));
}

TEST_CASE("what the reference refuses is an error and an anomaly that says why") {
  const auto [header, data, code] = GENERATE(table<std::string, std::size_t, std::string>({
      {std::string(kA) + std::string(1, '\0'), 4, "invalid-json"},
      {std::string("\xEF\xBB\xBF") + kA, 4, "invalid-json"},
      {std::string(kA) + "x", 4, "invalid-json"},
      {R"({"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}})", 4, "invalid-json"},
      {R"({"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "invalid-json"},
      {"{\"a\tb\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "invalid-json"},
      {"{\"\xFF\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "invalid-json"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 4, "invalid-json"},
      {"[]", 0, "not-an-object"},
      {"42", 0, "not-an-object"},
      {R"({"__metadata__":{"k":1}})", 0, "bad-metadata"},
      {R"({"__metadata__":{"k":null}})", 0, "bad-metadata"},
      {R"({"__metadata__":{"k":{"a":"b"}}})", 0, "bad-metadata"},
      {R"({"__metadata__":"x"})", 0, "bad-metadata"},
      {R"({"__metadata__":["x"]})", 0, "bad-metadata"},
      {R"({"__metadata__":{},"__metadata__":{}})", 0, "bad-metadata"},
      {R"({"a":1})", 0, "bad-entry"},
      {R"({"a":null})", 0, "bad-entry"},
      {R"({"a":{}})", 0, "bad-entry"},
      {R"({"a":{"dtype":"U8","shape":[0]}})", 0, "bad-entry"},
      {R"({"a":{"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":"U8","data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":1,"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":["U8"],"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":"U8","\u0064type":"U8","shape":[0],"data_offsets":[0,0]}})", 0,
       "bad-entry"},
      {R"({"a":{"dtype":{"U8":1},"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":{"U8":null,"I8":null},"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":{},"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":{"dtype":{"U8":{"x":[]}},"shape":[0],"data_offsets":[0,0]}})", 0, "bad-entry"},
      {R"({"a":["U8",[0]]})", 0, "bad-entry"},
      {R"({"a":["U8",[0],[0,0],0]})", 0, "bad-entry"},
      {R"({"a":{"dtype":"u8","shape":[0],"data_offsets":[0,0]}})", 0, "unknown-dtype"},
      {R"({"a":{"dtype":"","shape":[0],"data_offsets":[0,0]}})", 0, "unknown-dtype"},
      {R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", 4, "bad-shape"},
      {R"({"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}})", 4,
       "bad-shape"},
      {R"({"a":{"dtype":"U8","shape":[18446744073709551615,18446744073709551615,0],"data_offsets":[0,0]}})",
       0, "shape-overflow"},
      {R"({"a":{"dtype":"U8","shape":[4611686018427387904],"data_offsets":[0,0]}})", 0,
       "shape-overflow"},
      {R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", 1, "misaligned-size"},
      {R"({"a":{"dtype":"F6_E2M3","shape":[1],"data_offsets":[0,1]}})", 1, "misaligned-size"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0.0,4]}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":{"0":4}}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "bad-offsets"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, "shape-mismatch"},
      {R"({"a":{"dtype":"BF16","shape":[],"data_offsets":[0,4]}})", 4, "shape-mismatch"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", 8, "hole"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
       3, "hole"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
       4, "overlap"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
       6, "overlap"},
      {kA, 5, "trailing-data"},
      {"{}", 1, "trailing-data"},
      {kA, 3, "missing-data"},
      {R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[18446744073709551615,18446744073709551615]}})",
       0, "missing-data"},
  }));
  CAPTURE(header, data);
  const Parse parse(safetensors::format, file(header, data));
  CHECK_FALSE(parse.result.has_value());
  CHECK(codes(parse).contains(code));
}

TEST_CASE("what the reference takes but readers see differently is an anomaly alone") {
  const auto [header, data, code] = GENERATE(table<std::string, std::size_t, std::string>({
      {std::string(" ") + kA, 4, "leading-whitespace"},
      {std::string("\n") + kA, 4, "leading-whitespace"},
      {std::string(kA) + "\n\t\r ", 4, "trailing-padding"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}})",
       4, "duplicate-key"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}})",
       4, "duplicate-key"},
      {R"({"__metadata__":{"k":"1","k":"2"}})", 0, "duplicate-metadata-key"},
      {R"({"__metadata__":null})", 0, "null-metadata"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":[{}]}})", 4,
       "unknown-entry-key"},
      {R"({"a":["F32",[1],[0,4]]})", 4, "array-entry"},
      {R"({"a":{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}})", 4, "map-dtype"},
      {R"({"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "empty-name"},
      {R"({"../x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "odd-name"},
      {R"({"a\u0000b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "odd-name"},
      {R"({"a\u001b[2J":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "odd-name"},
      {R"({"a\u202eb":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "odd-name"},
      {"{\"" + repeated("n", 257) + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4,
       "odd-name"},
      {R"({"a":{"dtype":"U8","shape":[)" + repeated("1,", 64) + R"(1],"data_offsets":[0,1]}})", 1,
       "many-dimensions"},
  }));
  CAPTURE(header, data);
  const Parse parse(safetensors::format, file(header, data));
  CHECK(parse.result.has_value());
  CHECK(codes(parse) == std::set<std::string>{code});
}

TEST_CASE("a key that stands twice in an ignored value is found, too") {
  const Parse parse(
      safetensors::format,
      file(
          R"({"a":["F32",[1],[0,4]],"b":{"dtype":"U8","shape":[0],"data_offsets":[4,4],"x":{"k":1,"k":2}}})",
          4));
  CHECK(parse.result.has_value());
  CHECK(codes(parse) == std::set<std::string>{"array-entry", "duplicate-key", "unknown-entry-key"});
}

TEST_CASE("legal files have no anomalies") {
  const auto [header, data] = GENERATE(table<std::string, std::size_t>({
      {"{}", 0},
      {"{}      ", 0},
      {kA, 4},
      {std::string(kA) + "  ", 4},
      {R"({"__metadata__":{"format":"pt"}})", 0},
      {R"({"__metadata__":{}})", 0},
      {R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4},
      {R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", 0},
      {R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"c":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}})",
       2},
      {R"({"a":{"dtype":"U8","shape":[0,18446744073709551615,18446744073709551615],"data_offsets":[0,0]}})",
       0},
      {R"({"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}})", 2},
      {R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
       2},
      {R"({"__metadata__x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1},
      {"{\"\xC3\xA9\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1},
  }));
  CAPTURE(header, data);
  const Parse parse(safetensors::format, file(header, data));
  CHECK(parse.result.has_value());
  CHECK(codes(parse).empty());
}

TEST_CASE("every dtype of the reference has its size") {
  const auto [dtype, size] = GENERATE(table<std::string, std::size_t>({
      {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8},    {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64},
  }));
  CAPTURE(dtype);
  const std::string end = std::to_string(size);
  const Parse parse(
      safetensors::format,
      file(R"({"a":{"dtype":")" + dtype + R"(","shape":[8],"data_offsets":[0,)" + end + "]}}",
           size));
  CHECK(parse.result.has_value());
}

TEST_CASE("tensors stand at their bytes and metadata at its text") {
  const std::string header =
      R"({"__metadata__":{"format":"p\u0074"},"w":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]}})";
  const Parse parse(safetensors::format, file(header, 2));
  REQUIRE(parse.context.all<Tensor>().size() == 1);
  CHECK(parse.context.all<Tensor>()[0] == Tensor{"w", "U8", {2, 1}, 2});
  CHECK(parse.context.all<Metadata>()[0] == Metadata{"format", "pt"});
  CHECK(parse.context.facts.back().offset == 8 + header.size());
  CHECK(parse.context.facts.back().size == 2);
  CHECK(parse.context.code[0].offset == 8);
  CHECK(parse.context.code[0].size == header.size());
  CHECK(parse.context.texts == std::vector<std::string>{"pt"});
}

TEST_CASE("bytes that no tensor owns are given to those who look at code") {
  const Parse parse(safetensors::format, file(kA, 10));
  REQUIRE(parse.context.code.size() == 2);
  CHECK(parse.context.code[1].offset == 8 + std::string(kA).size() + 4);
  CHECK(parse.context.code[1].size == 6);
}

TEST_CASE("facts found before the header breaks are kept") {
  const Parse parse(
      safetensors::format,
      file(R"({"__metadata__":{"k":"v"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},!)",
           1));
  CHECK_FALSE(parse.result.has_value());
  CHECK(parse.context.all<Tensor>().size() == 1);
  CHECK(parse.context.all<Metadata>().size() == 1);
}

TEST_CASE("a header with a million tensors leaves room for what is wrong with it") {
  std::string header = "{";
  for (int i = 0; i < 1'000'000; ++i) {
    header += "\"" + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)";
  }
  header.back() = '}';
  const Parse parse(safetensors::format, file(header, 9));
  CHECK_FALSE(parse.result.has_value());
  CHECK(parse.context.has_anomaly("safetensors.trailing-data"));
  REQUIRE(parse.context.gaps.size() == 1);
  CHECK(parse.context.gaps[0].code == ParseErrc::over_budget);
}

TEST_CASE("deep nesting inside an ignored key is a gap, not a crash") {
  const Parse parse(safetensors::format, file(R"({"a":{"x":)" + repeated("[", 10'000'000), 0));
  REQUIRE_FALSE(parse.result.has_value());
  CHECK(parse.result.error().code == ParseErrc::over_budget);
}

TEST_CASE("every cut of a file is an error, and no cut crashes") {
  const auto whole =
      file(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Parse parse(safetensors::format,
                      {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    REQUIRE_FALSE(parse.result.has_value());
    CHECK(parse.result.error().code == ParseErrc::truncated);
  }
}

TEST_CASE("the format is known by its content, whatever its name") {
  const auto bid = [](const std::vector<std::byte>& bytes, std::string_view name) {
    Probe probe;
    probe.head = bytes;
    probe.size = bytes.size();
    probe.name = name;
    return safetensors::format.identify(probe);
  };
  CHECK(bid(file(kA, 4), "x.bin") == Confidence::certain);
  CHECK(bid(file(std::string("\n ") + kA, 4), "x") == Confidence::certain);
  CHECK(bid(file(std::string("\xEF\xBB\xBF") + kA, 4), "x") == Confidence::certain);
  CHECK(bid(file("{}", 0), "x") == Confidence::certain);
  CHECK(bid(test::raw(R"({"weight_map":{"a":"b"}})"), "x") == Confidence::none);
  CHECK(bid(test::raw("PK\x03\x04"), "x.safetensors") == Confidence::none);
  CHECK(bid(test::raw("12345678{\"a\":1}"), "x") == Confidence::none);
  CHECK(bid(test::raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF{\"a\":1}"), "x.safetensors") ==
        Confidence::certain);
  CHECK(bid(test::raw("12345678901234"), "x.safetensors") == Confidence::possible);
  CHECK(bid({}, "x.safetensors") == Confidence::none);
}
