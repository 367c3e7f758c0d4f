#include "formats/onnx/onnx.h"

#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "formats/onnx/test_model.h"
#include "tests/support/recording_context.h"

using namespace assay;
using namespace assay::onnx::test_model;
using test::Parse;

namespace {

Parse parse(std::string_view bytes) { return Parse(onnx::format, test::raw(bytes)); }

std::set<std::string> codes(const Parse& parse) {
  std::set<std::string> out;
  for (const Anomaly& a : parse.context.all<Anomaly>()) out.insert(a.code.substr(5));
  return out;
}

std::string metadata(const Parse& parse, std::string_view key) {
  for (const Metadata& m : parse.context.all<Metadata>()) {
    if (m.key == key) return m.value;
  }
  return "(none)";
}

std::string attribute(std::string_view fields) { return len(5, len(1, "a") + std::string(fields)); }

// Graphs in attributes of nodes in graphs, `levels` of them.
std::string nested(int levels, std::string_view innermost) {
  std::string graph(innermost);
  for (int i = 0; i < levels; ++i) graph = node("If", "", attribute(len(6, graph)));
  return graph;
}

const std::string kRaw4 = len(9, "\1\2\3\4");

}  // namespace

TEST_CASE("faults of the wire format end the parse") {
  const auto [name, bytes, code] = GENERATE(table<std::string, std::string, ParseErrc>({
      {"group", model("") + "\x0b", ParseErrc::malformed},
      {"end of group", model("") + "\x0c", ParseErrc::malformed},
      {"wire type 6", model("") + "\x0e", ParseErrc::malformed},
      {"field 0", model("") + std::string("\x00\x00", 2), ParseErrc::malformed},
      {"varint of 11 bytes", model("") + "\x08" + std::string(10, '\xff') + "\x01",
       ParseErrc::malformed},
      {"varint of 65 bits", model("") + "\x08" + std::string(9, '\xff') + "\x02",
       ParseErrc::malformed},
      {"tag above 32 bits", model("") + "\xf8\xff\xff\xff\xff\x01\x01", ParseErrc::malformed},
      {"length past the end", num(1, 8) + "\x3a\x7f\x12\x01g", ParseErrc::truncated},
      {"length of 2^64 - 1", num(1, 8) + "\x3a" + varint(UINT64_MAX), ParseErrc::malformed},
      {"length past its message", num(1, 8) + len(7, "\x12\x05g") + opset("", 13),
       ParseErrc::malformed},
      {"varint past its message", num(1, 8) + len(7, len(11, "\x08\xff")) + opset("", 13),
       ParseErrc::malformed},
      {"fixed64 cut off", model("") + "\x79\x01\x02", ParseErrc::truncated},
      {"no graph", num(1, 8) + opset("", 13), ParseErrc::malformed},
  }));
  CAPTURE(name);
  const Parse p = parse(bytes);
  REQUIRE_FALSE(p.result.has_value());
  CHECK(p.result.error().code == code);
}

TEST_CASE("every cut of a model ends well, and what stands before it is kept") {
  const std::string whole =
      model(node("Relu") + tensor(5, 1, kRaw4) + external(entry(13, "location", "../w")));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    const Parse p = parse(std::string_view(whole).substr(0, size));
    for (const Fact& f : p.context.facts) CHECK(f.offset <= size);
  }
  const Parse p = parse(std::string_view(whole).substr(0, whole.size() - 8));
  CHECK_FALSE(p.result.has_value());
  CHECK(metadata(p, "onnx.op.ai.onnx.Relu") == "1");
  CHECK(codes(p).empty());  // what was cut off is not missing
}

TEST_CASE("ten thousand nested graphs become a gap") {
  const Parse p = parse(model(nested(10'000, node("Relu")) + node("Exp")));
  CHECK(p.result.has_value());
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::over_budget);
  CHECK(metadata(p, "onnx.op.ai.onnx.Exp") == "1");
}

TEST_CASE("messages are paid from the budget") {
  std::string graph;
  for (int i = 0; i < 100; ++i) graph += node("Relu");
  Limits limits;
  limits.nodes = 50;
  const Parse p(onnx::format, test::raw(model(graph)), "", limits);
  REQUIRE_FALSE(p.result.has_value());
  CHECK(p.result.error().code == ParseErrc::over_budget);
}

TEST_CASE("a tensor is checked wherever it hides") {
  const std::string bad = entry(13, "location", "../x") + num(14, 1);
  const std::string sparse = tensor(1, 1, bad) + tensor(2, 1, kRaw4);
  const std::string inner = len(2, "g") + tensor(5, 1, bad);
  const auto [place, bytes] = GENERATE_COPY(table<std::string, std::string>({
      {"initializer", model(tensor(5, 1, bad))},
      {"sparse initializer", model(len(15, sparse))},
      {"attribute", model(node("Constant", "", attribute(tensor(5, 1, bad))))},
      {"attribute list", model(node("C", "", attribute(tensor(10, 1, bad))))},
      {"sparse attribute", model(node("C", "", attribute(len(22, sparse))))},
      {"sparse attribute list", model(node("C", "", attribute(len(23, sparse))))},
      {"subgraph", model(node("If", "", attribute(len(6, inner))))},
      {"subgraph list", model(node("If", "", attribute(len(11, inner))))},
      {"deep subgraph", model(nested(20, tensor(5, 1, bad)))},
      {"function",
       model("", len(25, len(1, "f") + len(10, "d") +
                             len(7, len(4, "Constant") + attribute(tensor(5, 1, bad)))))},
      {"function attribute",
       model("", len(25, len(1, "f") + len(10, "d") + len(11, len(1, "a") + tensor(5, 1, bad))))},
      {"training", model("", len(20, len(1, inner)))},
      {"training algorithm", model("", len(20, len(2, inner)))},
      {"second graph", model("", len(7, inner))},
  }));
  CAPTURE(place);
  const Parse p = parse(bytes);
  CHECK(p.result.has_value());
  CHECK(codes(p).contains("external-path-escapes"));
  CHECK(p.context.all<Reference>() == std::vector<Reference>{{"external-data", "../x"}});
}

TEST_CASE("a tensor that lies about its data is an anomaly") {
  const auto [name, bytes, code] = GENERATE(table<std::string, std::string, std::string>({
      {"short", tensor(5, 2, kRaw4), "tensor-size-mismatch"},
      {"long", tensor(5, 1, len(9, "\1\2\3\4\5")), "tensor-size-mismatch"},
      {"empty with data", tensor(5, 0, kRaw4), "tensor-size-mismatch"},
      {"negative dimension", tensor(5, UINT64_MAX, kRaw4), "tensor-size-mismatch"},
      {"overflow", len(5, num(1, 1ULL << 62) + num(1, 1ULL << 62) + num(2, 1) + kRaw4),
       "tensor-size-mismatch"},
      {"floats", tensor(5, 2, len(4, kRaw4.substr(2))), "tensor-size-mismatch"},
      {"float in int64_data", tensor(5, 1, num(7, 1)), "tensor-value-field"},
      {"raw strings", len(5, num(1, 1) + num(2, 8) + kRaw4), "tensor-value-field"},
      {"two fields", tensor(5, 1, kRaw4 + len(4, kRaw4.substr(2))), "tensor-value-field"},
      {"nothing", tensor(5, 1, ""), "tensor-without-data"},
      {"undefined", len(5, num(1, 1) + num(2, 0)), "data-type-unknown"},
      {"unknown", len(5, num(1, 1) + num(2, 27)), "data-type-unknown"},
      {"two types", tensor(5, 1, num(2, 1) + kRaw4), "repeated-field"},
      {"two payloads", tensor(5, 1, kRaw4 + kRaw4), "repeated-field"},
  }));
  CAPTURE(name);
  CHECK(codes(parse(model(bytes))) == std::set<std::string>{code});
}

TEST_CASE("tensors that tell the truth have no anomaly") {
  const auto [name, bytes, size] = GENERATE(table<std::string, std::string, std::uint64_t>({
      {"raw", tensor(5, 1, kRaw4), 4},
      {"empty", tensor(5, 0, ""), 0},
      {"scalar", len(5, num(2, 1) + kRaw4), 4},
      {"packed dimensions", len(5, len(1, "\x01\x01") + num(2, 1) + kRaw4), 4},
      {"packed floats", tensor(5, 1, len(4, kRaw4.substr(2))), 4},
      {"one float", tensor(5, 1, std::string("\x25") + kRaw4.substr(2)), 4},
      {"packed int64", len(5, num(1, 2) + num(2, 7) + len(7, "\x01\xff\x01")), 16},
      {"single int64s", len(5, num(1, 2) + num(2, 7) + num(7, 1) + num(7, 2)), 16},
      {"strings", len(5, num(1, 2) + num(2, 8) + len(6, "a") + len(6, "")), 0},
      {"int4", len(5, num(1, 3) + num(2, 22) + len(9, "\1\2")), 2},
      {"int4 in int32_data", len(5, num(1, 3) + num(2, 22) + len(5, "\1\2")), 2},
      {"complex", len(5, num(1, 1) + num(2, 14) + len(4, "12345678")), 8},
      {"enumerator over 32 bits", len(5, num(1, 1) + num(2, (1ULL << 32) + 1) + kRaw4), 4},
  }));
  CAPTURE(name);
  const Parse p = parse(model(bytes));
  CHECK(p.result.has_value());
  CHECK(codes(p).empty());
  REQUIRE(p.context.all<Tensor>().size() == 1);
  CHECK(p.context.all<Tensor>()[0].byte_size == size);
}

TEST_CASE("operators that no standard runtime has are told apart") {
  const auto [name, bytes, code] = GENERATE(table<std::string, std::string, std::string>({
      {"custom", model(node("X", "my.ops"), opset("my.ops", 1)), "custom-domain"},
      {"in a function only",
       model("", opset("my.ops", 1) +
                     len(25, len(1, "f") + len(10, "d") + len(7, len(4, "X") + len(7, "my.ops")))),
       "custom-domain"},
      {"contrib", model(node("FusedConv", "com.microsoft"), opset("com.microsoft", 1)),
       "contrib-domain"},
      {"extensions", model(node("Tok", "ai.onnx.contrib"), opset("ai.onnx.contrib", 1)),
       "extensions-domain"},
      {"capitals", model(node("Conv", "AI.onnx"), opset("AI.onnx", 1)), "domain-lookalike"},
      {"blank", model(node("Conv", "ai.onnx "), opset("ai.onnx ", 1)), "domain-lookalike"},
      {"homoglyph", model(node("Conv", "\xD0\xB0i.onnx"), opset("\xD0\xB0i.onnx", 1)),
       "domain-lookalike"},
      {"not imported", model(node("Normalizer", "ai.onnx.ml")), "domain-without-opset"},
      {"no operator set", num(1, 8) + len(7, node("Relu")), "no-opset"},
      {"operator set twice", model("", opset("", 14)), "duplicate-opset"},
      {"no version", len(7, node("Relu")) + opset("", 13), "no-ir-version"},
      {"shadow", model(node("Relu"), len(25, len(1, "Relu"))), "function-shadows-operator"},
      {"function twice",
       model("", len(25, len(1, "f") + len(10, "d")) + len(25, len(1, "f") + len(10, "d"))),
       "duplicate-function"},
  }));
  CAPTURE(name);
  CHECK(codes(parse(bytes)) == std::set<std::string>{code});
}

TEST_CASE("a model cut off before its operator sets is not whole") {
  const std::string graph = num(1, 8) + len(7, node("Relu"));
  CHECK(parse(graph + opset("", 13)).context.gaps.empty());
  const Parse cut = parse(graph);
  REQUIRE(cut.context.gaps.size() == 1);
  CHECK(cut.context.gaps[0].code == ParseErrc::truncated);
  CHECK(cut.context.gaps[0].offset == graph.size());
}

TEST_CASE("operators that run Python are found in any domain") {
  const auto op =
      GENERATE(as<std::string>{}, "PyOp", "PyCustomOp", "PythonOp", "PythonOpGrad", "ATen");
  const auto domain = GENERATE(as<std::string>{}, "ai.onnx.contrib", "com.microsoft", "x");
  CAPTURE(op, domain);
  CHECK(codes(parse(model(node(op, domain), opset(domain, 1)))).contains("python-operator"));
}

TEST_CASE("operators that the model itself defines are no custom operators") {
  const Parse p = parse(model(node("f", "d"), opset("d", 1) + len(25, len(1, "f") + len(10, "d") +
                                                                          len(7, len(4, "Relu")))));
  CHECK(p.result.has_value());
  CHECK(codes(p).empty());
  CHECK(metadata(p, "onnx.op.d.f") == "1");
  CHECK(metadata(p, "onnx.op.ai.onnx.Relu") == "1");
}

TEST_CASE("a compiled graph is told from the path of one") {
  const auto context = [](std::uint64_t mode, std::string_view text) {
    const std::string attributes = len(5, len(1, "ep_cache_context") + len(4, text)) +
                                   len(5, len(1, "embed_mode") + num(3, mode));
    return model(node("EPContext", "com.microsoft", attributes), opset("com.microsoft", 1));
  };
  CHECK(codes(parse(context(0, "../../x.so"))).contains("ep-context-path"));
  CHECK(codes(parse(context(0, std::string(5000, 'a')))).contains("ep-context-path"));
  CHECK(codes(parse(context(1,
                            "\x7f"
                            "ELF")))
            .contains("ep-context"));
  const Parse plain = parse(context(0, "model_ctx.bin"));
  CHECK_FALSE(codes(plain).contains("ep-context-path"));
  CHECK(plain.context.all<Reference>() == std::vector<Reference>{{"ep-context", "model_ctx.bin"}});
}

TEST_CASE("bytes in fields that onnx.proto does not have are counted") {
  const Parse few = parse(model("", len(100, "hidden")));
  CHECK(codes(few) == std::set<std::string>{"unknown-field-bytes"});
  CHECK(few.context.all<Anomaly>()[0].detail.starts_with("9 bytes"));
  CHECK(codes(parse(model(len(31, std::string(5000, 'x'))))).contains("hidden-bytes"));
  // A known field of another wire type is unknown to every parser.
  CHECK(codes(parse(model("", len(5, "hidden")))) == std::set<std::string>{"unknown-field-bytes"});
}

TEST_CASE("fields that may stand once and attributes of two kinds are told") {
  CHECK(codes(parse(model(len(2, "h")))) == std::set<std::string>{"repeated-field"});
  CHECK(codes(parse(model(node("X", "", attribute(num(3, 1) + len(4, "s")))))) ==
        std::set<std::string>{"attribute-value-field"});
  CHECK(codes(parse(model(node("X", "", attribute(num(3, 1) + num(20, 2)))))).empty());
}

TEST_CASE("the model is described by metadata") {
  const Parse p = parse(
      model(node("Relu") + node("Relu"), len(3, "1.2") + len(4, "org") + num(5, 7) + len(6, "doc") +
                                             entry(14, "author", "me") + opset("ai.onnx.ml", 3)));
  CHECK(p.result.has_value());
  CHECK(metadata(p, "onnx.ir_version") == "8");
  CHECK(metadata(p, "onnx.producer") == "test");
  CHECK(metadata(p, "onnx.producer_version") == "1.2");
  CHECK(metadata(p, "onnx.domain") == "org");
  CHECK(metadata(p, "onnx.model_version") == "7");
  CHECK(metadata(p, "onnx.doc_string") == "doc");
  CHECK(metadata(p, "onnx.graph") == "g");
  CHECK(metadata(p, "onnx.opset.ai.onnx") == "13");
  CHECK(metadata(p, "onnx.opset.ai.onnx.ml") == "3");
  CHECK(metadata(p, "onnx.metadata.author") == "me");
  CHECK(metadata(p, "onnx.op.ai.onnx.Relu") == "2");
  CHECK(codes(parse(model("", entry(14, "a", "1") + entry(14, "a", "2")))) ==
        std::set<std::string>{"metadata-duplicate"});
}

TEST_CASE("code is all of the model but the weights") {
  const std::string weights(1000, 'w');
  const std::string bytes = model(tensor(5, 250, len(9, weights)) + node("Relu"));
  const Parse p = parse(bytes);
  REQUIRE(p.context.code.size() == 2);
  const auto at = bytes.find(weights);
  CHECK(p.context.code[0].offset == 0);
  CHECK(p.context.code[0].size == at);
  CHECK(p.context.code[1].offset == at + weights.size());
  CHECK(p.context.code[1].offset + p.context.code[1].size == bytes.size());
}

TEST_CASE("many different operators end in a gap, not in memory") {
  std::string graph;
  for (int i = 0; i < 10'010; ++i) graph += node("Op" + std::to_string(i));
  const Parse p = parse(model(graph));
  REQUIRE(p.context.gaps.size() == 1);
  CHECK(p.context.gaps[0].code == ParseErrc::over_budget);
}
