#include <catch2/catch.hpp>

#include "formats/torch/layout.h"
#include "tests/support/recording_context.h"

using namespace assay;
using torch::Record;

namespace {

std::vector<Record> records(std::initializer_list<std::string_view> names) {
  std::vector<Record> out;
  for (const auto name : names) out.push_back({.name = name});
  return out;
}

std::vector<std::string> codes(const std::vector<Record>& list) {
  MemorySource source{Bytes{}};
  Budget budget;
  test::RecordingContext context(source, "", budget);
  const auto layout = torch::recognise(list);
  REQUIRE(layout.has_value());
  torch::report(*layout, list, context);
  std::vector<std::string> out;
  for (const Anomaly& a : context.all<Anomaly>()) out.push_back(a.code);
  return out;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("the root is the first record's, as torch has it") {
  const auto layout = torch::recognise(records({"m/data.pkl", "m/version"}));
  REQUIRE(layout.has_value());
  CHECK(layout->root == "m");
  CHECK_FALSE(torch::recognise(records({"data.pkl", "version"})).has_value());
  CHECK_FALSE(torch::recognise({}).has_value());
}

TEST_CASE("a data.pkl under a second root is told, wherever the first record stands") {
  CHECK(codes(records({"a/data.pkl", "b/data.pkl"})) == Codes{"torch.two-roots"});
  CHECK(codes(records({"a/version", "b/data.pkl"})) == Codes{"torch.two-roots"});
}

TEST_CASE("records that no torch writer makes are told, those that bear code apart") {
  CHECK(codes(records({"a/data.pkl", "a/notes.txt"})) == Codes{"torch.unexpected-record"});
  CHECK(codes(records({"a/data.pkl", "b/readme"})) == Codes{"torch.unexpected-record"});
  CHECK(codes(records({"a/data.pkl", "a/run.py"})) == Codes{"torch.code-record"});
  CHECK(codes(records({"a/data.pkl", "a/data/lib.SO"})) == Codes{"torch.code-record"});
  CHECK(codes(records({"a/data.pkl", "a/code/x.so"})) == Codes{"torch.code-record"});
}

TEST_CASE("what torch.save, torch.jit.save and the lite interpreter write is expected") {
  CHECK(codes(records({"m/data.pkl", "m/.format_version", "m/.storage_alignment", "m/byteorder",
                       "m/data/0", "m/version", "m/.data/serialization_id"}))
            .empty());
  CHECK(codes(records({"m/data.pkl", "m/constants.pkl", "m/code/__torch__.py",
                       "m/code/__torch__.py.debug_pkl", "m/constants/0", "m/extra/x.json",
                       "m/bytecode.pkl", "m/mobile_debug_handles.pkl"}))
            .empty());
}

TEST_CASE("only TorchScript source may be compressed") {
  auto list = records({"m/data.pkl", "m/constants.pkl", "m/code/x.py"});
  list[2].is_compressed = true;
  CHECK(codes(list).empty());
  list[0].is_compressed = true;
  CHECK(codes(list) == Codes{"torch.compressed-record"});
}

TEST_CASE("a storage's key is a plain word under data/") {
  const torch::Layout layout{.root = "m", .flavour = "torch-zip"};
  CHECK(torch::is_raw_record(layout, "m/data/0"));
  CHECK(torch::is_raw_record(layout, "m/constants/12"));
  CHECK_FALSE(torch::is_raw_record(layout, "m/data/"));
  CHECK_FALSE(torch::is_raw_record(layout, "m/data/x.pkl"));
  CHECK_FALSE(torch::is_raw_record(layout, "m/data/a/b"));
  CHECK_FALSE(torch::is_raw_record(layout, "m/data.pkl"));
  CHECK_FALSE(torch::is_raw_record(layout, "n/data/0"));
}
