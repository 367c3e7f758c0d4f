#include <catch2/catch.hpp>
#include <tuple>

#include "formats/safetensors/safetensors.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;
using safetensors::index_format;
using test::Parse;

TEST_CASE("a shard that leaves the model's folder is an unsafe path") {
  const auto shard =
      GENERATE(as<std::string>{}, "/etc/passwd", "../m.safetensors", "a/../../m.safetensors", "..",
               "a/..", "C:m.safetensors", "..\\\\m.safetensors", "\\\\\\\\host\\\\m",
               "m\\u0000.safetensors", "http://host/m.safetensors", "\\u002e\\u002e/m", "");
  CAPTURE(shard);
  const Parse parse(index_format, test::raw(R"({"weight_map":{"a":")" + shard + "\"}}"));
  CHECK(parse.result.has_value());
  CHECK(parse.context.has_anomaly("index.unsafe-path"));
}

TEST_CASE("an index of safetensors that names a pickle is told from one of pickles") {
  const auto [name, shards, found] = GENERATE(table<std::string, std::string, bool>({
      {"model.safetensors.index.json", R"("a":"m.bin")", true},
      {"model.safetensors.index.json", R"("a":"m.SAFETENSORS")", true},
      {"x.json", R"("a":"m-1.safetensors","b":"m-2.pt")", true},
      {"pytorch_model.bin.index.json", R"("a":"m-1.bin","b":"m-2.bin")", false},
      {"model.safetensors.index.json", R"("a":"m-1.safetensors")", false},
  }));
  CAPTURE(name, shards);
  const Parse parse(index_format, test::raw(R"({"weight_map":{)" + shards + "}}"), name);
  CHECK(parse.result.has_value());
  CHECK(parse.context.has_anomaly("index.pickle-shard") == found);
}

TEST_CASE("each shard is one reference, at its first mention") {
  const Parse parse(
      index_format,
      test::raw(R"({"metadata":{"total_size":9},"weight_map":{"a":"x-1","b":"x-2","c":"x-1"}})"));
  CHECK(parse.result.has_value());
  CHECK(parse.context.all<Reference>() ==
        std::vector<Reference>{{"shard", "x-1"}, {"shard", "x-2"}});
  CHECK(parse.context.all<Metadata>() == std::vector<Metadata>{{"index.total_size", "9"}});
  CHECK(parse.context.all<Anomaly>().empty());
  CHECK(parse.context.facts[1].offset == 48);
}

TEST_CASE("an index that is none is an error") {
  const auto text = GENERATE(as<std::string>{}, "", "{}", "[]", R"({"weight_map":["a"]})",
                             R"({"weight_map":{"a":1}})", R"({"weight_map":{"a":["b"]}})",
                             R"({"weight_map":{"a":"b"})", R"({"weight_map":{"a":"b"}}x)");
  CAPTURE(text);
  CHECK_FALSE(Parse(index_format, test::raw(text)).result.has_value());
}

TEST_CASE("a tensor that an index maps twice is a duplicate") {
  const Parse parse(index_format, test::raw(R"({"weight_map":{"a":"x","\u0061":"y"}})"));
  CHECK(parse.context.has_anomaly("index.duplicate-key"));
}

TEST_CASE("an index is known by its weight map") {
  const auto bid = [](std::string_view text, std::string_view name) {
    Probe probe;
    probe.head = as_bytes(text);
    probe.size = text.size();
    probe.name = name;
    return index_format.identify(probe);
  };
  CHECK(bid(R"( {"metadata": {}, "weight_map" : {"a")", "x") == Confidence::certain);
  CHECK(bid(R"({"why": "a \"weight_map\" here"})", "x") == Confidence::none);
  CHECK(bid(R"({"weight_map": 3})", "x") == Confidence::none);
  CHECK(bid(R"({"metadata": {)", "model.safetensors.index.json") == Confidence::possible);
  CHECK(bid("weight_map", "model.safetensors.index.json") == Confidence::none);
}
