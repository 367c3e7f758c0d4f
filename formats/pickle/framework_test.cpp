#include <catch2/catch.hpp>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

const std::string kCall = std::string(lit("cos\nsystem\nU\x01x\x85R"));

std::string counted(std::string_view text) {
  return "U" + std::string(1, static_cast<char>(text.size())) + std::string(text);
}

// A NumpyArrayWrapper up to its BUILD, as joblib writes it.
std::string wrapper(
    std::string_view code, std::string_view shape, bool aligned,
    std::string_view state = lit("(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0t")) {
  std::string out("cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(");
  out += counted("subclass") + "cnumpy\nndarray\n" + counted("shape") + std::string(shape);
  out += counted("order") + counted("C") + counted("dtype") + "cnumpy\ndtype\n(" + counted(code) +
         std::string(lit("K\0K\x01tR")) + std::string(state) + "b";
  if (aligned) out += counted("numpy_array_alignment_bytes") + "K\x10";
  return out + "ub";
}

std::string u64(std::uint64_t value) {
  std::string out;
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

// A legacy torch file whose object is `object`, with one storage of 4 floats.
std::string legacy(std::string_view object) {
  std::string out(
      lit("\x80\x02\x8a\x0al\xfc\x9c"
          "F\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}."));
  out += "\x80\x02" + std::string(object) + ".\x80\x02]" + counted("1") + "a.";
  return out + u64(4) + std::string(16, '\xff');
}

std::string tensor_of(std::string_view storage) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + counted("storage") + "ctorch\n" +
         std::string(storage) + "\n" + counted("1") + counted("cpu") +
         std::string(lit("K\x04NtQK\0K\x02K\x02\x86K\x02K\x01\x86\x89Nt")) + "R";
}

}  // namespace

TEST_CASE("what stands behind the array bytes of joblib is seen") {
  struct Row {
    std::string_view code;
    std::string_view shape;
    std::size_t size;
  };
  const Row rows[] = {
      {"f8", lit("K\x02K\x03\x86"), 48},
      {"f4", lit("K\x05\x85"), 20},
      {"U10", lit("K\x03\x85"), 120},
      {"S5", lit("K\x03\x85"), 15},
      {"b1", lit(")"), 1},
      {"c16", lit("K\x02\x85"), 32},
      {"M8", lit("K\x02\x85"), 16},
      {"f8", lit("K\0\x85"), 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code, row.size);
    for (const bool aligned : {false, true}) {
      std::string stream = "\x80\x02(" + wrapper(row.code, row.shape, aligned);
      if (aligned) stream += std::string(lit("\x03\xff\xff\xff"));
      stream += std::string(row.size, '\xff') + kCall + "t.";
      const Parse parsed = parse(stream);
      CHECK(parsed.result.has_value());
      CHECK(parsed.context.format_name == "joblib");
      CHECK(calls(parsed).back() == "os.system('x')");
      const auto tensors = parsed.context.all<Tensor>();
      REQUIRE(tensors.size() == 1);
      CHECK(tensors[0].byte_size == row.size);
    }
  }
}

TEST_CASE("an array of objects in a joblib file is a pickle of its own") {
  const std::string object_state(lit("(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t"));
  const Parse parsed = parse("\x80\x02(" + wrapper("O8", lit("K\x01\x85"), true, object_state) +
                             "\x80\x02" + kCall + "." + "ca\nf\n)Rt.");
  CHECK(parsed.result.has_value());
  const auto shown = calls(parsed);
  REQUIRE(shown.size() > 2);
  CHECK(shown[shown.size() - 2] == "os.system('x')");
  CHECK(shown.back() == "a.f()");
}

TEST_CASE("the bytes of an array are opcodes to pickle.load, and told if they do something") {
  const std::string hidden = "0" + std::string(kCall) + ".";
  for (const std::string row : {"", "N."}) {  // alone, and behind another pickle
    const std::string start =
        row + "\x80\x02" + wrapper("S" + std::to_string(hidden.size()), lit("K\x01\x85"), false);
    const Parse parsed = parse(start + hidden + "0N.");
    CHECK(parsed.result.has_value());
    REQUIRE_FALSE(calls(parsed).empty());
    CHECK(calls(parsed).back() == "os.system('x')");
    for (const Fact& fact : parsed.context.facts) {
      if (std::holds_alternative<Call>(fact.value) &&
          std::get<Call>(fact.value).callee == Import{"os", "system"}) {
        CHECK(fact.offset == start.size() + hidden.size() - 2);
      }
    }
  }
}

TEST_CASE("array bytes may call what the pickle around them keeps in its memo") {
  const Parse parsed = parse("\x80\x02" + std::string("cos\nsystem\nq\x01") + "0" +
                             wrapper("S11", lit("K\x01\x85"), false) +
                             std::string(lit("0h\x01S'x'\n\x85R.")) + "0N.");
  CHECK(calls(parsed).back() == "os.system('x')");
}

TEST_CASE("numbers that are opcodes by chance call nothing") {
  for (const std::string_view numbers : {lit("RRRRRRRR"), lit("bbbbbbbb"), lit("h\x01R....."),
                                         lit("\x81\x81\x81\x81\x81\x81\x81\x81")}) {
    const Parse plain =
        parse("\x80\x02" + wrapper("f8", lit("K\x01\x85"), false) + std::string(8, '\0') + ".");
    const Parse parsed =
        parse("\x80\x02" + wrapper("f8", lit("K\x01\x85"), false) + std::string(numbers) + ".");
    CHECK(calls(parsed) == calls(plain));
  }
}

TEST_CASE("what the walk through array bytes cannot pay for is a gap") {
  const std::string hidden = "0" + std::string(200, 'N') + kCall + ".";
  const auto input =
      raw("\x80\x02" + wrapper("S" + std::to_string(hidden.size()), lit("K\x01\x85"), false) +
          hidden + "0N.");
  Limits limits;
  limits.opcodes = 100;  // enough for joblib's walk, not for the other
  const Parse parsed(pickle::format, input, "", limits);
  CHECK(parsed.result.has_value());
  REQUIRE_FALSE(parsed.context.gaps.empty());
  CHECK(parsed.context.gaps[0].code == ParseErrc::over_budget);
}

TEST_CASE("what both joblib.load and pickle.load do is told once") {
  const std::string object_state(lit("(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t"));
  const Parse parsed = parse("\x80\x02(" + wrapper("O8", lit("K\x01\x85"), true, object_state) +
                             "\x80\x02" + kCall + "." + "Nt.");
  int told = 0;
  for (const Call& call : parsed.context.all<Call>()) told += call.callee.name == "system" ? 1 : 0;
  CHECK(told == 1);
  CHECK(parsed.context.all<Anomaly>().empty());
}

TEST_CASE("the item size of a structured array stands in its state") {
  const std::string state(
      lit("(K\x03U\x01|N(U\x01"
          "at}K\x0cK\x01K\x10t"));
  const Parse parsed = parse("\x80\x02(" + wrapper("V12", lit("K\x02\x85"), false, state) +
                             std::string(24, '\xff') + kCall + "t.");
  CHECK(parsed.result.has_value());
  CHECK(calls(parsed).back() == "os.system('x')");
}

TEST_CASE("an array that the file does not hold is truncated, one without a size malformed") {
  const Parse cut = parse("\x80\x02" + wrapper("f8", lit("J\xff\xff\xff\x7f\x85"), false) + "xx");
  REQUIRE_FALSE(cut.result.has_value());
  CHECK(cut.result.error().code == ParseErrc::truncated);
  const Parse huge =
      parse("\x80\x02" +
            wrapper("f8", lit("J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x87"), false));
  REQUIRE_FALSE(huge.result.has_value());
  CHECK(huge.result.error().code == ParseErrc::malformed);
  const Parse negative =
      parse("\x80\x02" + wrapper("f8", lit("J\xff\xff\xff\xff\x85"), false) + ".");
  REQUIRE_FALSE(negative.result.has_value());
  CHECK(negative.result.error().code == ParseErrc::malformed);
}

TEST_CASE("an array that joblib keeps in another file is a reference") {
  const Parse parsed = parse(
      "\x80\x02"
      "cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}" +
      counted("filename") + counted("x_01.npy") + "sb.");
  const auto references = parsed.context.all<Reference>();
  REQUIRE(references.size() == 1);
  CHECK(references[0].target == "x_01.npy");
}

TEST_CASE("a legacy torch stream ends with the storages that its object names") {
  const Parse parsed = parse(legacy(tensor_of("FloatStorage")));
  CHECK(parsed.result.has_value());
  CHECK(parsed.context.format_name == "torch-legacy");
  CHECK_FALSE(parsed.context.has_anomaly("pickle.trailing-data"));
  const auto tensors = parsed.context.all<Tensor>();
  REQUIRE(tensors.size() == 1);
  CHECK(tensors[0] == Tensor{"", "float32", {2, 2}, 16});
}

TEST_CASE("a legacy torch stream of protocol 1 has no PROTO to go by") {
  std::string stream(lit("L119547037146038801333356L\n.M\xe9\x03.}."));
  stream += "ctorch._utils\n_rebuild_tensor_v2\n((" + counted("storage") + "ctorch\nByteStorage\n";
  stream += counted("1") + counted("cpu") + std::string(lit("K\x04NtQK\0(t(tI00\nNtR."));
  stream += "]" + counted("1") + "a." + u64(4) + std::string(4, '\xff');
  const Parse parsed = parse(stream);
  CHECK(parsed.result.has_value());
  CHECK(parsed.context.format_name == "torch-legacy");
  CHECK_FALSE(parsed.context.has_anomaly("pickle.trailing-data"));
}

TEST_CASE("a legacy torch stream of protocol 0 spells its storages") {
  std::string stream("L119547037146038801333356L\n.I1001\n.(d.");
  stream += "(P('storage', <class 'torch.FloatStorage'>, '94', 'cpu', 1, None)\nl.";
  stream += "(lV94\na." + u64(1) + std::string(4, '\xff');
  const Parse parsed = parse(stream);
  CHECK(parsed.result.has_value());
  CHECK_FALSE(parsed.context.has_anomaly("pickle.trailing-data"));
}

TEST_CASE("bytes behind the storages, and pickles there, are told") {
  const Parse tail = parse(legacy(tensor_of("FloatStorage")) + std::string(40, '\xff'));
  CHECK(tail.context.has_anomaly("pickle.trailing-data"));
  const Parse hidden = parse(legacy(tensor_of("FloatStorage")) + "\x80\x02" + kCall + ".");
  CHECK(calls(hidden).back() == "os.system('x')");
}

TEST_CASE("storages that are cut off or never named stop a legacy torch stream") {
  const Parse cut = parse(legacy(tensor_of("DoubleStorage")));
  REQUIRE_FALSE(cut.result.has_value());
  CHECK(cut.result.error().code == ParseErrc::truncated);
  const Parse unnamed = parse(legacy("}"));
  REQUIRE_FALSE(unnamed.result.has_value());
  CHECK(unnamed.result.error().code == ParseErrc::malformed);
}

TEST_CASE("a legacy torch stream that ends between its pickles is truncated") {
  const std::string spelled("L119547037146038801333356L\n.I1001\n.(d.(dp0\n.(lV94\na.");
  const std::string binary = legacy("}");
  for (const std::string& stream : {spelled, binary}) {
    std::vector<std::size_t> stops;
    for (std::size_t at = 0; at < stream.size() && stops.size() < 4; ++at) {
      if (stream[at] == '.') stops.push_back(at + 1);
    }
    for (const std::size_t stop : stops) {
      const Parse cut = parse(std::string_view(stream).substr(0, stop));
      CAPTURE(stop);
      REQUIRE_FALSE(cut.result.has_value());
      CHECK(cut.result.error().code == ParseErrc::truncated);
    }
  }
}

TEST_CASE("every cut of a legacy torch stream is truncated") {
  const std::string whole = legacy(tensor_of("FloatStorage"));
  REQUIRE(parse(whole).result.has_value());
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Parse cut = parse(std::string_view(whole).substr(0, size));
    CAPTURE(size);
    REQUIRE_FALSE(cut.result.has_value());
    CHECK(cut.result.error().code == ParseErrc::truncated);
  }
}
