#include "formats/npy/npy.h"

#include <catch2/catch.hpp>

#include "formats/npy/dtype.h"
#include "formats/npy/header.h"
#include "formats/npy/literal.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

std::string file(const std::string& header, const std::string& data = "", char version = 1) {
  std::string text = header + std::string(63 - (header.size() + 10) % 64, ' ') + "\n";
  std::string size;
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    size += static_cast<char>(text.size() >> (8 * i) & 0xFF);
  }
  return std::string("\x93NUMPY") + version + '\0' + size + text + data;
}

std::string with_descr(const std::string& descr, const std::string& shape = "(1,)") {
  return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
}

test::Parse parse(const std::string& bytes, const Limits& limits = {}) {
  return test::Parse(npy::format, test::raw(bytes), "a.npy", limits);
}

const std::string kPickle = "cposix\nsystem\n(S'echo CANARY'\ntR.";

bool calls_posix_system(const test::Parse& done) {
  for (const Call& call : done.context.all<Call>()) {
    if (call.callee == Import{"posix", "system"}) return true;
  }
  return false;
}

std::optional<npy::Dtype> dtype_of(const std::string& text) {
  Budget budget;
  const auto values = npy::parse_literal(text, budget);
  if (!values) return std::nullopt;
  return npy::describe_dtype(*values, 0);
}

}  // namespace

TEST_CASE("pickles are found however the header spells an object dtype") {
  for (const char* descr : {"'|O'", "'O'", "'|O8'", "[('a', '<i4'), ('b', '|O')]",
                            "[('a', [('b', '|O4', (2,))])]", "('|O', (2, 2))",
                            // numpy.dtype() and literal_eval() take these, numpy never writes them
                            "'object'", "'i4,O'", "{'aO': 1}", "'|' 'O'", "'\\x7cO'", "['aO']",
                            "[['a', 'O']]", "b'O'", "'''O'''"}) {
    CAPTURE(descr);
    CHECK(calls_posix_system(parse(file(with_descr(descr), kPickle))));
  }
  CHECK(calls_posix_system(parse(file("# comment\n" + with_descr("'|O'"), kPickle))));
  CHECK(
      calls_posix_system(parse(file(with_descr("'|O'") + std::string(2 << 20, ' '), kPickle, 2))));
}

TEST_CASE("pickles behind the first array are found") {
  const std::string array = file(with_descr("'<f4'"), "data");
  CHECK(calls_posix_system(parse(array + file(with_descr("'|O'"), kPickle))));
  auto trailing = parse(array + kPickle);
  CHECK(trailing.context.has_anomaly("npy.trailing-data"));
  CHECK(trailing.context.members.at(0).bytes == kPickle);
}

TEST_CASE("the last of two equal keys wins, as in Python, and is said") {
  auto done =
      parse(file("{'descr': '<i8', 'descr': '|O', 'fortran_order': False, 'shape': ()}", kPickle));
  CHECK(done.context.has_anomaly("npy.duplicate-key"));
  CHECK(calls_posix_system(done));
}

TEST_CASE("the data must be just as long as the header says") {
  const std::string whole = file(with_descr("'<f4'", "(2, 3)"), std::string(24, 'x'));
  auto done = parse(whole);
  REQUIRE(done.result);
  CHECK(done.context.all<Tensor>().at(0) == Tensor{"", "<f4", {2, 3}, 24});
  CHECK(done.context.all<Anomaly>().empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    auto cut = parse(whole.substr(0, size));
    REQUIRE_FALSE(cut.result);
    CHECK(cut.result.error().code == ParseErrc::truncated);
  }
}

TEST_CASE("a shape that overflows is malformed, one with a zero is empty") {
  for (const char* shape : {"(4294967296, 4294967296)", "(18446744073709551615, 2)",
                            "(18446744073709551616,)", "(-1,)", "(1.0,)", "[1]", "1", "('a',)"}) {
    CAPTURE(shape);
    auto done = parse(file(with_descr("'<f4'", shape)));
    REQUIRE_FALSE(done.result);
    CHECK(done.result.error().code == ParseErrc::malformed);
  }
  auto empty = parse(file(with_descr("'<f8'", "(0, 18446744073709551615, 9)")));
  CHECK(empty.result);
  auto large = parse(file(with_descr("'<f4'", "(4611686018427387903,)")));
  CHECK(large.result.error().code == ParseErrc::truncated);
}

TEST_CASE("item sizes are numpy's") {
  const std::pair<const char*, std::uint64_t> known[] = {
      {"'<f4'", 4},
      {"'|b1'", 1},
      {"'<U10'", 40},
      {"'|S3'", 3},
      {"'|V7'", 7},
      {"'<M8[ns]'", 8},
      {"'<m8[25us]'", 8},
      {"'<c16'", 16},
      {"'<f16'", 16},
      {"'|S0'", 0},
      {"'>i8'", 8},
      {"[('a', '|u1'), ('', '|V7'), ('b', '<f8')]", 16},
      {"[(('title', 'name'), '<f4')]", 4},
      {"[('box', [('x', '<f4'), ('y', '<f4')]), ('grid', '<i2', (2, 2))]", 16},
      {"('<f4', (3,))", 12},
      {"[]", 0}};
  for (const auto& [text, size] : known) {
    CAPTURE(text);
    const auto dtype = dtype_of(text);
    REQUIRE(dtype);
    CHECK(dtype->item_size == size);
    CHECK_FALSE(dtype->has_objects);
  }
  for (const char* text :
       {"'<f3'", "'x4'", "'f'", "''", "'<f4 '", "'<M8[ns'", "'|S18446744073709551615U'",
        "'<U9223372036854775807'", "[('a',)]", "[(1, '<f4')]", "['<f4']", "(1, 2)",
        "[('a', '<f4', (4611686018427387904, 4))]", "True", "1"}) {
    CAPTURE(text);
    CHECK_FALSE(dtype_of(text));
  }
}

TEST_CASE("only literals that numpy writes are literals") {
  Budget budget;
  for (const char* text : {"{}", "()", "(1,)", "(1, 2)", "[1]", "[]", "{'a': 1, }", "3L", "True",
                           "'it\\'s'", "\"it's\"", "'\\u540d'", "u'a'", "(0L, 2L)"}) {
    CAPTURE(text);
    CHECK(npy::parse_literal(text, budget));
  }
  for (const char* text :
       {"",        "(1)",   "(",      "[1",      "[1}",  "{'a'}",    "{'a': }",
        "{'a' 1}", "[,]",   "[1,,2]", "[1 2]",   "1 2",  "print(1)", "__import__('os')",
        "'a",      "'a\n'", "0x10",   "01",      "1.0",  "-1",       "None",
        "'a' 'b'", "b'a'",  "r'a'",   "[1] # a", "(1,))"}) {
    CAPTURE(text);
    CHECK_FALSE(npy::parse_literal(text, budget));
  }
  for (const char c : {'\0', '\r'}) {  // which Python's source may not hold
    CHECK_FALSE(npy::parse_literal(std::string("'a") + c + "b'", budget));
  }
  CHECK_FALSE(npy::parse_literal(std::string(100'000, '['), budget));
  CHECK(npy::parse_literal("'\\xe9'", budget)->at(0).text == "\xC3\xA9");
}

TEST_CASE("a long header is said, one over the limit is not read") {
  const std::string longer = with_descr("'<f4'") + std::string(20'000, ' ');
  auto read = parse(file(longer, "data", 2));
  CHECK(read.result);
  CHECK(read.context.has_anomaly("npy.long-header"));
  auto over = parse(file(with_descr("'<f4'") + std::string(2 << 20, ' '), "data", 2));
  REQUIRE_FALSE(over.result);
  CHECK(over.result.error().code == ParseErrc::over_budget);
  auto lie = parse(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff{", 13));
  REQUIRE_FALSE(lie.result);
  CHECK(lie.result.error().code == ParseErrc::truncated);
}

TEST_CASE("millions of empty arrays stop at the nodes limit") {
  const std::string empty = file(with_descr("'<f4'", "(0,)"));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += empty;
  CHECK(parse(many).result);
  auto stopped = parse(many, Limits{.nodes = 1000});
  REQUIRE_FALSE(stopped.result);
  CHECK(stopped.result.error().code == ParseErrc::over_budget);
}

TEST_CASE("versions numpy does not know are unsupported") {
  auto done = parse(file(with_descr("'<f4'"), "data", 4));
  REQUIRE_FALSE(done.result);
  CHECK(done.result.error().code == ParseErrc::unsupported);
  const std::string latin = file(with_descr("[('\xE9', '<f4')]"), "data", 3);
  CHECK(parse(latin).result.error().code == ParseErrc::malformed);
}
