#include <algorithm>
#include <catch2/catch.hpp>

#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle::test;

namespace {

struct Evasion {
  std::string_view technique;
  std::string_view stream;
  std::string_view call;  // one of the calls that must be told
};

const Evasion kEvasions[] = {
    {"plain REDUCE", lit("cos\nsystem\n(S'echo CANARY'\ntR."), "os.system('echo CANARY')"},
    {"INST", lit("(S'echo CANARY'\nios\nsystem\n."), "os.system('echo CANARY')"},
    {"OBJ", lit("(cos\nsystem\nS'echo CANARY'\no."), "os.system('echo CANARY')"},
    {"OBJ without arguments", lit("(cos\nabort\no."), "os.abort()"},
    {"NEWOBJ",
     lit("\x80\x02"
         "cos\nsystem\n(S'echo CANARY'\nt\x81."),
     "os.system('echo CANARY')"},
    {"NEWOBJ_EX",
     lit("\x80\x04"
         "cos\nsystem\nS'echo CANARY'\n\x85}\x92."),
     "os.system('echo CANARY', {})"},
    {"escaped names", lit("V\\u006fs\nVs\\u0079stem\n\x93S'x'\n\x85R."), "os.system('x')"},
    {"names of a Python 2 string", lit("S'o\\x73'\nS'sys\\164em'\n\x93S'x'\n\x85R."),
     "os.system('x')"},
    {"names from the memo, out of order",
     lit("\x80\x04\x8c\x06system\x94"
         "0\x8c\x02os\x94"
         "0h\x01h\x00\x93\x8c\x01x\x85R."),
     "os.system('x')"},
    {"a memo slot written twice",
     lit("\x80\x02"
         "ccollections\nOrderedDict\nq\x01"
         "0cos\nsystem\nq\x01"
         "0h\x01"
         "U\x01x\x85R."),
     "os.system('x')"},
    {"a huge memo index",
     lit("cos\nsystem\nr\xff\xff\xff\xff"
         "0j\xff\xff\xff\xff"
         "S'x'\n\x85R."),
     "os.system('x')"},
    {"a name doubled by DUP", lit("\x80\x04\x8c\x02os2\x93\x8c\x01x\x85R."), "os.os('x')"},
    {"the callee doubled by DUP", lit("cos\nsystem\n2S'x'\n\x85R0S'y'\n\x85R."), "os.system('y')"},
    {"Python 2 names", lit("ccommands\ngetoutput\nS'x'\n\x85R."), "subprocess.getoutput('x')"},
    {"Python 2 names under a first PROTO 4",
     lit("\x80\x04\x80\x02"
         "c__builtin__\neval\nX\x01\0\0\0"
         "1\x85R."),
     "builtins.eval('1')"},
    {"a dotted name", lit("\x80\x04\x8c\x06shutil\x8c\x09os.system\x93\x8c\x01x\x85R."),
     "shutil.os.system('x')"},
    {"a POP that takes a mark", lit("(cos\nsystem\n((00S'x'\n\x85R."), ""},
    {"arguments in a list", lit("cos\nsystem\n(S'x'\nlR."), "os.system('x')"},
    {"nested marks", lit("cos\nsystem\n((S'y'\n1S'x'\ntR."), "os.system('x')"},
    {"the second pickle of a row",
     lit("\x80\x02N.\x80\x02"
         "cos\nsystem\nU\x01x\x85R."),
     "os.system('x')"},
    {"an extension that the pickle registers itself",
     lit("\x80\x02"
         "ccopyreg\nadd_extension\n(U\x02osU\x06systemK\x07tR0\x82\x07U\x01x\x85R."),
     "os.system('x')"},
    {"a result that is called", lit("cbuiltins\nvars\n(cos\npath\ntR)R."),
     "builtins.vars(os.path)()"},
    {"an attribute of a global", lit("cbuiltins\ngetattr\n(cshutil\nos\nS'system'\ntRS'x'\n\x85R."),
     "shutil.os.system('x')"},
    {"a chain of attributes, through the memo",
     lit("cbuiltins\ngetattr\np0\n(ctyping\nre\nS'enum'\ntRp1\n0g0\n(g0\n(g1\nS'sys'\ntR"
         "S'exit'\ntR)R."),
     "typing.re.enum.sys.exit()"},
    {"an attribute with a default", lit("cbuiltins\ngetattr\n(ca\nb\nS'c'\ncos\nabort\ntR)R."),
     "builtins.getattr(a.b, 'c', os.abort)()"},
    {"an attribute whose name was computed", lit("cbuiltins\ngetattr\n(cos\npath\nca\nf\n)RtR)R."),
     "builtins.getattr(os.path, a.f())()"},
    {"a callable given to another", lit("cbuiltins\nmap\n(cos\nsystem\n(S'x'\nltR."),
     "builtins.map(os.system, ['x'])"},
    {"BUILD of a chosen class", lit("cevil\nC\n)\x81}S'a'\nK\x01sb."), "evil.C({'a': 1})"},
    {"APPEND to an unknown object",
     lit("cevil\nC\n)RK\x01"
         "a."),
     "evil.C.extend(1)"},
    {"SETITEM of an unknown object", lit("cevil\nC\n)RK\x01K\x02s."), "evil.C.__setitem__(1, 2)"},
    {"ADDITEMS to an unknown object",
     lit("\x80\x04"
         "cevil\nC\n)R(K\x01\x90."),
     "evil.C.add(1)"},
    {"a class as torch persistent id", lit("\x80\x02(U\x06modulecevil\nC\nNNtQ)\x81."), "evil.C()"},
};

bool tells(const Parse& parsed, std::string_view call) {
  for (const std::string& shown : calls(parsed)) {
    if (shown == call) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a call is told however it is written") {
  for (const Evasion& row : kEvasions) {
    CAPTURE(row.technique);
    const Parse parsed = parse(row.stream);
    if (row.call.empty()) continue;
    CAPTURE(calls(parsed));
    CHECK(tells(parsed, row.call));
    const auto head = raw(row.stream);
    CHECK(pickle::format.identify({.head = head, .size = head.size()}) != Confidence::none);
  }
}

TEST_CASE("what stands before an error has run and is told") {
  struct Row {
    std::string_view tail;
    ParseErrc code;
    std::uint64_t offset;
    std::string_view message;
  };
  constexpr std::uint64_t kAt = 23;  // where the tail begins
  const Row rows[] = {
      {lit(""), ParseErrc::truncated, kAt, "truncated at byte 23: an opcode needs 1 bytes, 0 left"},
      {lit("\xff"), ParseErrc::malformed, kAt, "malformed at byte 23: 0xff is no opcode"},
      {lit("00"), ParseErrc::malformed, kAt + 1, "malformed at byte 24: POP finds the stack empty"},
      {lit("(t)R("), ParseErrc::truncated, 0, ""},
      {lit("h\x09."), ParseErrc::malformed, kAt,
       "malformed at byte 23: BINGET finds no memo slot 9"},
      {lit("B\xff\0\0\0x"), ParseErrc::truncated, kAt,
       "truncated at byte 23: BINBYTES needs 255 bytes, 5 left"},
      {lit("\x8e\xff\xff\xff\xff\xff\xff\xff\xffx"), ParseErrc::malformed, kAt, ""},
      {lit("\x8e\xff\xff\xff\xff\xff\xff\xff\x7fx"), ParseErrc::truncated, kAt, ""},
      {lit("t"), ParseErrc::malformed, kAt, "malformed at byte 23: TUPLE finds no mark"},
      {lit("(0"
           "0"
           "0"),
       ParseErrc::malformed, 0, ""},
      {lit("\x80\x06"), ParseErrc::malformed, kAt, "malformed at byte 23: PROTO names protocol 6"},
      {lit("I x\n"), ParseErrc::malformed, kAt, ""},
      {lit("Sx\n"), ParseErrc::malformed, kAt, ""},
      {lit("S'x"), ParseErrc::truncated, kAt, ""},
      {lit("K\x01K\x02\x93"), ParseErrc::malformed, 0, ""},
      {lit("T\xff\xff\xff\xff"), ParseErrc::malformed, kAt, ""},
      {lit("\x82\x00"), ParseErrc::malformed, kAt, ""},
      {lit("(K\x01"
           "d"),
       ParseErrc::malformed, 0, ""},
      {lit("c\xff\n\n"), ParseErrc::malformed, kAt, ""},
  };
  const std::string before("cos\nsystem\nS'echo'\n\x85R.");
  for (const Row& row : rows) {
    const std::string stream = before.substr(0, before.size() - 1) + "0N" + std::string(row.tail);
    CAPTURE(row.tail, row.message);
    REQUIRE(before.size() + 1 == kAt);
    const Parse parsed = parse(stream);
    CHECK(tells(parsed, "os.system('echo')"));
    REQUIRE_FALSE(parsed.result.has_value());
    CHECK(parsed.result.error().code == row.code);
    if (row.offset) CHECK(parsed.result.error().offset == row.offset);
    if (!row.message.empty()) CHECK(parsed.result.error().message == row.message);
  }
}

TEST_CASE("a memo ends with its pickle") {
  const Parse parsed = parse(lit("cos\nsystem\nq\x01.\x80\x02h\x01."));
  REQUIRE_FALSE(parsed.result.has_value());
  CHECK(parsed.result.error().message == "malformed at byte 16: BINGET finds no memo slot 1");
}

TEST_CASE("arguments say what kind they are and which globals they hold") {
  const Parse parsed =
      parse(lit("\x80\x02"
                "ca\nf\n((cb\ng\n(cc\nh\nltcd\nk\n)RN}U\x01x](cb\ng\nesK\x01QtR."));
  const auto found = parsed.context.all<Call>();
  REQUIRE(found.size() == 2);
  const Call& call = found[1];
  CHECK(call.callee == Import{"a", "f"});
  std::vector<ArgumentKind> kinds;
  for (const Argument& argument : call.arguments) kinds.push_back(argument.kind);
  CHECK(kinds == std::vector{ArgumentKind::container, ArgumentKind::result, ArgumentKind::constant,
                             ArgumentKind::container, ArgumentKind::persistent_id});
  CHECK(call.arguments[1].global == Import{"d", "k"});
  CHECK(call.passes == std::vector<Import>{{"b", "g"}, {"c", "h"}});
}

TEST_CASE("a list shows what was put into it after it went into a tuple") {
  const Parse parsed =
      parse(lit("ca\nf\n]q\x01\x85q\x02"
                "0h\x01"
                "cos\nsystem\na0h\x02R."));
  const auto found = parsed.context.all<Call>();
  REQUIRE(found.size() == 1);
  CHECK(found[0].passes == std::vector<Import>{{"os", "system"}});
}

TEST_CASE("calls that differ only in data are told a few times, others always") {
  std::string stream = "\x80\x02";
  for (int i = 0; i < 1000; ++i) stream += lit("cb\ng\nK\x01\x85R0");
  stream += lit("cb\ng\ncos\nsystem\n\x85R0cb\ng\nU\x06system\x85R.");
  const Parse parsed = parse(stream);
  CHECK(calls(parsed) == std::vector<std::string>{"b.g(1)", "b.g(1)", "b.g(1)", "b.g(1)",
                                                  "b.g(os.system)", "b.g('system')"});
  CHECK(imports(parsed) == std::vector<std::string>{"b.g", "os.system"});
  for (const Metadata& data : parsed.context.all<Metadata>()) {
    if (data.key == "pickle.calls") CHECK(data.value == "1002");
  }
}

TEST_CASE("what is written into a global is an anomaly of its own") {
  const std::string_view streams[] = {
      lit("ctyping\ncollections\n}S'OrderedDict'\ncos\nsystem\nsb."),
      lit("csys\npath\nS'/tmp'\na."),
      lit("csys\nmodules\nS'x'\nNs."),
  };
  for (const std::string_view stream : streams) {
    CHECK(parse(stream).context.has_anomaly("pickle.write-to-global"));
  }
  CHECK_FALSE(parse(lit("]S'/tmp'\na.")).context.has_anomaly("pickle.write-to-global"));
}

TEST_CASE("a name that a call makes is told as such") {
  const Parse parsed =
      parse(lit("\x80\x04\x8c\x02os"
                "ca\nf\n)R\x93\x8c\x01x\x85R."));
  CHECK(parsed.result.has_value());
  CHECK(parsed.context.has_anomaly("pickle.computed-name"));
  const auto found = parsed.context.all<Call>();
  REQUIRE(found.size() == 2);
  CHECK(found[1].callee_unknown);
}

TEST_CASE("source text given to exec is told unescaped") {
  const Parse parsed = parse(lit("cbuiltins\nexec\n(Vprint(\\u0027CANARY\\u0027)\ntR."));
  const auto blobs = parsed.context.all<CodeBlob>();
  REQUIRE(blobs.size() == 1);
  CHECK(blobs[0].text == "print('CANARY')");
  CHECK(parsed.context.texts == std::vector<std::string>{"print('CANARY')"});
}

TEST_CASE("bytes behind the last STOP that are no pickle are told") {
  const Parse parsed = parse(lit("\x80\x02N.\x01\x02garbage"));
  CHECK(parsed.result.has_value());
  CHECK(parsed.context.has_anomaly("pickle.trailing-data"));
  CHECK_FALSE(parse(lit("\x80\x02N.\x80\x02N.")).context.has_anomaly("pickle.trailing-data"));
}

TEST_CASE("structure that no pickler writes is told") {
  struct Row {
    std::string_view stream;
    std::string_view code;
  };
  const Row rows[] = {
      {lit("\x80\x04N\x80\x02."), "pickle.repeated-proto"},
      {lit("\x80\x02\x8c\x01x."), "pickle.newer-opcode"},
      {lit("\x80\x02NN."), "pickle.leftover-stack"},
      {lit("\x80\x04\x95\xff\0\0\0\0\0\0\0N."), "pickle.frame-length"},
      {lit("\x80\x04\x95\x02\0\0\0\0\0\0\0\x8c\x02xx."), "pickle.frame-length"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const Parse parsed = parse(row.stream);
    CHECK(parsed.result.has_value());
    CHECK(parsed.context.has_anomaly(row.code));
  }
  const Parse plain = parse(lit("\x80\x04\x95\x02\0\0\0\0\0\0\0N."));
  CHECK(plain.context.all<Anomaly>().empty());
}

TEST_CASE("a stack that never stops growing ends at a limit, not in memory") {
  const Parse parsed = parse(std::string(3'000'000, 'N'));
  REQUIRE_FALSE(parsed.result.has_value());
  CHECK(parsed.result.error().code == ParseErrc::over_budget);
  const Parse marks = parse(std::string(3'000'000, '('));
  REQUIRE_FALSE(marks.result.has_value());
  CHECK(marks.result.error().message == "limit reached: marks (1000000 values in one pickle)");
}

TEST_CASE("opcodes are paid for") {
  Limits limits;
  limits.opcodes = 10'000;
  const Parse parsed(pickle::format, raw("\x80\x02" + std::string(100'000, ')')), "", limits);
  REQUIRE_FALSE(parsed.result.has_value());
  CHECK(parsed.result.error().code == ParseErrc::over_budget);
}

TEST_CASE("the last opcode that is paid for is walked, the next one is not") {
  for (const std::uint64_t count : {3U, 4096U, 4097U, 9000U}) {
    const auto pickle = raw("\x80\x02" + std::string(count - 2, ')') + ".");
    Limits limits;
    limits.opcodes = count;
    CHECK(Parse(pickle::format, pickle, "", limits).result.has_value());
    limits.opcodes = count - 1;
    const Parse tight(pickle::format, pickle, "", limits);
    REQUIRE_FALSE(tight.result.has_value());
    CHECK(tight.result.error().code == ParseErrc::over_budget);
  }
}

TEST_CASE("large payloads are no code unless a call gets them") {
  const std::string payload = std::string(lit("B\0\0\x10\0")) + std::string(1 << 20, 'x');
  const Parse data = parse("\x80\x03" + payload + ".");
  std::uint64_t code_size = 0;
  for (const auto& region : data.context.code) code_size += region.size;
  CHECK(code_size == 8);
  const Parse given = parse(
      "\x80\x03"
      "ca\nf\n" +
      payload + "\x85R.");
  code_size = 0;
  for (const auto& region : given.context.code) code_size += region.size;
  CHECK(code_size > (1 << 20));
}

TEST_CASE("a walk may begin behind another header") {
  const auto input =
      raw(lit("HEAD\x80\x02"
              "cos\nsystem\nU\x01x\x85R."));
  MemorySource source{Bytes(input)};
  Budget budget;
  assay::test::RecordingContext context(source, "", budget);
  CHECK(pickle::walk(context, 4).has_value());
  REQUIRE(context.all<Import>().size() == 1);
  CHECK(context.facts[0].offset == 6);
}

namespace {

// A call of `callee` with the byte string that `constant` pushes.
Parse given_bytes(std::string_view callee, std::string_view constant) {
  return parse(std::string(lit("\x80\x02")) + "c" + std::string(callee) + "\n" +
               std::string(constant) + "\x85R.");
}

}  // namespace

TEST_CASE("bytes that look like an artifact and go to a call are a member") {
  const std::string_view constants[] = {
      lit("C\x04\x80\x02N."),
      lit("B\x04\0\0\0\x80\x02N."),
      lit("U\x04\x80\x02N."),
      lit("T\x04\0\0\0\x80\x02N."),
      lit("\x8e\x04\0\0\0\0\0\0\0\x80\x02N."),
      lit("\x96\x04\0\0\0\0\0\0\0\x80\x05N."),
      lit("C\x04PK\x03\x04"),
      lit("C\x04\x1f\x8b\x08\0"),
      lit("C\x04\x78\x9c\x08\0"),
      lit("]C\x04\x80\x02N.a"),
  };
  for (const std::string_view constant : constants) {
    CAPTURE(constant);
    const Parse parsed = given_bytes("a\nf", constant);
    REQUIRE(parsed.context.members.size() == 1);
    const auto& member = parsed.context.members[0];
    CHECK(member.size == 4);
    CHECK(member.info.name == "[bytes at " + std::to_string(member.info.offset) + "]");
    CHECK(member.info.raw_data);
  }
}

TEST_CASE("other bytes are members only when the callee loads them, whatever it is named by") {
  CHECK(given_bytes("a\nf", lit("C\x04\x80\x07N.")).context.members.empty());
  CHECK(given_bytes("a\nf", "S'\\x80\\x07N.'\n").context.members.empty());
  for (const std::string_view callee :
       {"torch.storage\n_load_from_bytes", "torch\nstorage._load_from_bytes"}) {
    CAPTURE(callee);
    const Parse text = given_bytes(callee, lit("C\x02N."));
    REQUIRE(text.context.members.size() == 1);
    CHECK_FALSE(text.context.members[0].info.raw_data);
    const Parse escaped = given_bytes(callee, "S'\\x80\\x02N.'\n");
    REQUIRE(escaped.context.members.size() == 1);
    CHECK(escaped.context.members[0].bytes == lit("\x80\x02N."));
  }
}

TEST_CASE("one byte string that goes to many calls is examined once") {
  const Parse parsed =
      parse(lit("\x80\x02"
                "ca\nf\nq\0C\x04\x80\x02N.q\x01\x85R0h\0h\x01\x85R."));
  CHECK(calls(parsed).size() == 2);
  CHECK(parsed.context.members.size() == 1);
}

// `times` containers, each holding the one before twice.
std::string doubled(std::string_view empty, std::string_view twice, int times) {
  std::string stream = "\x80\x04" + std::string(empty);
  for (int i = 0; i < times; ++i) stream += twice;
  return stream + ".";
}

TEST_CASE("a few hundred bytes that unfold into more values than anybody can visit are a gap") {
  const auto unfolds = [](const Parse& parsed) {
    return std::ranges::any_of(parsed.context.gaps, [](const ParseError& gap) {
      return gap.code == ParseErrc::over_budget && gap.message.contains("values within values");
    });
  };
  CHECK(unfolds(parse(doubled(")", "2\x86", 60))));  // tuples
  CHECK(unfolds(parse(doubled("]",
                              lit("q\0"
                                  "0]h\0ah\0a"),
                              60))));  // APPEND
  CHECK(unfolds(parse(doubled("}",
                              lit("q\0"
                                  "0}(K\1h\0K\2h\0u"),
                              60))));  // SETITEMS
  CHECK_FALSE(unfolds(parse(doubled(")", "2\x86", 40))));
}

TEST_CASE("bytes that protocols below 3 spell as encoded text are examined as those bytes") {
  const auto encoded = [](std::string_view codec) {
    return std::string(lit("c_codecs\nencode\n(X\x05\0\0\0\xc2\x80\x02N.X")) +
           static_cast<char>(codec.size()) + std::string(lit("\0\0\0")) + std::string(codec) + "tR";
  };
  const Parse parsed = given_bytes("torch.storage\n_load_from_bytes", encoded("latin1"));
  REQUIRE(parsed.context.members.size() == 1);
  CHECK(parsed.context.members[0].bytes == lit("\x80\x02N."));
  REQUIRE(parsed.context.all<Call>().size() == 2);
  CHECK(parsed.context.all<Call>()[1].arguments.at(0).kind == ArgumentKind::constant);
  CHECK(given_bytes("a\nf", encoded("latin1")).context.members.size() == 1);

  const Parse other = given_bytes("torch.storage\n_load_from_bytes", encoded("utf-8"));
  REQUIRE(other.context.members.size() == 1);
  CHECK(other.context.members[0].bytes == lit("\xc2\x80\x02N."));
  REQUIRE(other.context.all<Call>().size() == 2);
  CHECK(other.context.all<Call>()[1].arguments.at(0).kind == ArgumentKind::result);
}

TEST_CASE("a pickle behind another that is cut after any opcode is a gap, other data is not") {
  for (const std::string_view rest : {"]", "(", "(dp0\n", "]q", "K"}) {
    CAPTURE(rest);
    const Parse parsed = parse("}." + std::string(rest));
    REQUIRE_FALSE(parsed.result);
    CHECK(parsed.result.error().code == ParseErrc::truncated);
  }
  for (const std::string_view rest :
       {lit("\0\0\0\0"), std::string_view("\n"), std::string_view("abc")}) {
    const Parse parsed = parse("}." + std::string(rest));
    CHECK(parsed.result);
    CHECK(parsed.context.has_anomaly("pickle.trailing-data"));
  }
}
