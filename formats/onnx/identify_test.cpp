#include "formats/onnx/identify.h"

#include <catch2/catch.hpp>

#include "formats/onnx/test_model.h"

using namespace assay;
using namespace assay::onnx::test_model;

namespace {

Confidence bid(std::string_view bytes, std::string_view name = "x") {
  MemorySource source(as_bytes(bytes));
  const Probe probe{as_bytes(bytes.substr(0, Probe::kHeadSize)), bytes.size(), name, &source};
  return onnx::identify(probe);
}

}  // namespace

TEST_CASE("a model is known whatever the order of its fields") {
  const std::string graph = len(7, len(2, "g") + node("Relu"));
  const std::string large = len(7, tensor(5, 25'000, len(9, std::string(100'000, 'w'))));
  CHECK(bid(model(node("Relu"))) == Confidence::certain);
  CHECK(bid(graph + opset("", 13) + num(1, 8)) == Confidence::certain);
  CHECK(bid(large + num(1, 8)) == Confidence::certain);
  CHECK(bid(num(1, 8) + large) == Confidence::certain);
}

TEST_CASE("unknown fields in front do not hide a model") {
  const std::string junk = len(100, std::string(5000, 'x'));
  CHECK(bid(junk + model(node("Relu"))) == Confidence::certain);
  CHECK(bid(junk + num(1, 8) + len(7, junk + node("Relu")) + opset("", 13)) == Confidence::certain);
  CHECK(bid(num(1, 8) + len(7, junk + node("Relu"))) == Confidence::possible);
}

TEST_CASE("a model that was cut off still bids") {
  const std::string whole = model(tensor(5, 25'000, len(9, std::string(100'000, 'w'))));
  CHECK(bid(whole.substr(0, 50'000)) == Confidence::certain);
  CHECK(bid(whole.substr(0, 40)) == Confidence::certain);
  CHECK(bid(whole.substr(0, 5)) == Confidence::possible);
  CHECK(bid(whole.substr(0, 1), "m.onnx") == Confidence::possible);
}

TEST_CASE("other protobufs, text and noise are not taken for a model") {
  // TensorFlow's SavedModel: version 1, then a MetaGraphDef where ONNX has text.
  const std::string saved_model = num(1, 1) + len(2, len(1, len(5, "serve")) + len(2, "\x0a\x01"));
  // Core ML: version, then a ModelDescription, then the model.
  const std::string core_ml = num(1, 4) + len(2, len(1, len(1, "in") + len(3, ""))) + len(500, "");
  // GraphDef: nodes with name and operation.
  const std::string graph_def = len(1, len(1, "x") + len(2, "Placeholder"));
  const auto bytes =
      GENERATE_COPY(as<std::string>{}, saved_model, core_ml, graph_def, "", "\x08", "\x08\x07",
                    std::string(5000, '\0'), std::string(5000, 'a'), "import os\nprint(1)\n",
                    "{\"a\": 1}", std::string("PK\x03\x04\x14\0\0\0", 8), "\x80\x04\x95\x0a",
                    "GGUF\x03", ":\n0123456789", "2 lines of text, no more", "\"quoted\" text");
  CAPTURE(bytes);
  CHECK(bid(bytes) == Confidence::none);
}

TEST_CASE("an IR version that never was is no model's") {
  CHECK(bid(num(1, 0) + len(7, node("Relu"))) == Confidence::none);
  CHECK(bid(num(1, 65) + len(7, node("Relu"))) == Confidence::none);
}
