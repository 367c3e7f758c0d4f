#include "formats/pickle/listing.h"

#include <catch2/catch.hpp>

#include "formats/pickle/operand.h"
#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

class ListingContext final : public assay::test::RecordingContext {
 public:
  using RecordingContext::RecordingContext;
  std::optional<std::uint64_t> list_from() const override { return from; }
  std::uint64_t from = 0;
};

struct Listed {
  explicit Listed(std::string_view stream, std::uint64_t from = 0)
      : source(raw(stream)), context(source, "", budget) {
    context.from = from;
    result = pickle::format.parse(context);
  }
  // "OFFSET NAME ARGUMENT stack/marks EFFECT", one line each.
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const Fact& fact : context.facts) {
      const auto* one = std::get_if<Instruction>(&fact.value);
      if (!one) continue;
      out.push_back(std::to_string(fact.offset) + " " + one->name + " " + one->argument + " " +
                    std::to_string(one->stack) + "/" + std::to_string(one->marks) + " " +
                    one->effect);
    }
    return out;
  }
  MemorySource source;
  Budget budget;
  ListingContext context;
  Parsed<void> result;
};

}  // namespace

TEST_CASE("a listing says what each opcode builds and calls") {
  const Listed listed("cos\nsystem\n(S'echo \\x1b'\np0\ntR.");
  CHECK(listed.lines() ==
        std::vector<std::string>{
            "0 GLOBAL 'os system' 1/0 os.system", "11 MARK  1/1 ", R"(12 STRING 'echo \x1b' 2/1 )",
            R"(25 PUT 0 2/1 memo[0] = 'echo \x1b')", R"(28 TUPLE  2/0 ('echo \x1b',))",
            R"(29 REDUCE  1/0 os.system('echo \x1b'))",
            R"(30 STOP  1/0 returns os.system('echo \x1b'))"});
}

TEST_CASE("a scan is told no opcodes") {
  CHECK(parse("cos\nsystem\n(S'echo'\ntR.").context.all<Instruction>().empty());
}

TEST_CASE("a listing ends where the walk ends, and the error says why") {
  const Listed listed("(K\x01\x99K\x02.");
  CHECK(listed.lines().size() == 2);
  REQUIRE_FALSE(listed.result.has_value());
  CHECK(listed.result.error().offset == 3);
  CHECK_FALSE(Listed("R.").result.has_value());
  CHECK(Listed("R.").lines().empty());
  CHECK(Listed("0.").lines().empty());
  CHECK(Listed("Nb.").lines() == std::vector<std::string>{"0 NONE  1/0 "});
}

TEST_CASE("pickles in a row are listed one after the other") {
  const Listed listed("K\x01.K\x02.");
  REQUIRE(listed.lines().size() == 4);
  CHECK(listed.lines()[2] == "3 BININT1 2 1/0 ");
}

TEST_CASE("a listing begins where it is asked to") {
  const Listed listed("K\x01.K\x02.", 3);
  CHECK(listed.lines() == std::vector<std::string>{"3 BININT1 2 1/0 ", "5 STOP  1/0 returns 2"});
}

TEST_CASE("state and items that go into an object are shown as the calls they are") {
  const Listed listed(
      "c__main__\nA\n)\x81}b(K\x01"
      "e\x85.");
  const auto lines = listed.lines();
  REQUIRE(lines.size() == 10);
  CHECK(lines[4] == "15 BUILD  1/0 __main__.A().__setstate__({})");
  CHECK(lines[7] == "19 APPENDS  1/0 __main__.A().extend(1)");
}

TEST_CASE("the opcodes of pickles inside a joblib array stand behind the BUILD that reads them") {
  // A wrapper whose dtype is an object: the array is a pickle of its own.
  const Listed listed(
      "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(U\x05"
      "dtypecnumpy\ndtype\n(U\x02O8"
      "I0\nI1\ntRU\x05shape(K\x01tubK\x07..");
  std::vector<std::string> names;
  for (const Instruction& one : listed.context.all<Instruction>()) names.push_back(one.name);
  REQUIRE(names.size() > 4);
  CHECK(std::vector<std::string>(names.end() - 4, names.end()) ==
        std::vector<std::string>{"BUILD", "BININT1", "STOP", "STOP"});
}

TEST_CASE("operands look as in pickletools") {
  const auto shown = [](std::string_view stream) {
    MemorySource source(raw(stream));
    return pickle::operand_text(source, 0);
  };
  CHECK(shown("I01\n") == "True");
  CHECK(shown("I-7\n") == "-7");
  CHECK(shown("L12L\n") == "12");
  CHECK(shown("F1\n") == "1.0");
  CHECK(shown("g12\n") == "12");
  CHECK(shown("Pid\n") == "'id'");
  CHECK(shown("V\\u0041\n") == "'A'");
  CHECK(shown("U\x01\xe9") == "'\xc3\xa9'");
  CHECK(shown("C\x02"
              "a\xff") == R"(b'a\xff')");
  CHECK(shown("J\xff\xff\xff\xff") == "-1");
  CHECK(shown(lit("G\x3f\xf8\0\0\0\0\0\0")) == "1.5");
  CHECK(shown(lit("\x95\x05\0\0\0\0\0\0\0")) == "5");
  CHECK(shown(lit("\x96\x01\0\0\0\0\0\0\0a")) == "bytearray(b'a')");
  CHECK(shown(lit("\x8a\x02\xff\x00")) == "255");
  CHECK(shown(".").empty());
}

TEST_CASE("a long operand is cut, and its size is told") {
  std::string stream = std::string(lit("X\x00\x01\0\0")) + std::string(256, 'a');
  MemorySource source(raw(stream));
  CHECK(pickle::operand_text(source, 0) == "'" + std::string(80, 'a') + "'... (256 bytes)");
}

TEST_CASE("stepping over opcodes needs no sense in them") {
  MemorySource source(
      raw("R"
          "cos\nsystem\nK\x01"
          "C\x05"
          "abcdeZ"));
  SourceReader in(source);
  std::vector<std::uint64_t> offsets;
  while (pickle::skip_opcode(in)) offsets.push_back(in.offset());
  CHECK(offsets == std::vector<std::uint64_t>{1, 12, 14, 21});
}

TEST_CASE("a call is told with the opcodes around it") {
  const Parse parsed = parse("N0N0N0cos\nsystem\n(S'echo'\ntR0N.");
  const auto told = parsed.context.all<Call>();
  REQUIRE(told.size() == 1);
  CHECK(told[0].opcodes == std::vector<std::string>{"5: POP", "6: GLOBAL 'os system'", "17: MARK",
                                                    "18: STRING 'echo'", "26: TUPLE", "27: REDUCE",
                                                    "28: POP", "29: NONE", "30: STOP"});
}

TEST_CASE("the opcodes around a call are read from where the stream is known to be opcodes") {
  using pickle::opcodes_around;
  MemorySource source(raw("K\x01K\x02R."));
  CHECK(opcodes_around(source, 0, 4, false) ==
        std::vector<std::string>{"0: BININT1 1", "2: BININT1 2", "4: REDUCE"});
  CHECK(opcodes_around(source, 1, 4, false) == std::vector<std::string>{"4: REDUCE"});
  CHECK(opcodes_around(source, 2, 4, true) ==
        std::vector<std::string>{"2: BININT1 2", "4: REDUCE", "5: STOP"});
  MemorySource far(raw("K" + std::string(100'000, '0') + "R"));
  CHECK(opcodes_around(far, 0, 100'001, true) == std::vector<std::string>{"100001: REDUCE"});
}

TEST_CASE("only the first calls of an artifact are told with opcodes") {
  std::string stream;
  for (int i = 0; i < 600; ++i) stream += "cm\nf" + std::to_string(i) + "\n)R0";
  const auto told = parse(stream + "N.").context.all<Call>();
  REQUIRE(told.size() == 600);
  CHECK_FALSE(told[499].opcodes.empty());
  CHECK(told[500].opcodes.empty());
}
