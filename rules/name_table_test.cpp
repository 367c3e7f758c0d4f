#include "rules/name_table.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::rules;

TEST_CASE("a table finds each of its keys and nothing beside them") {
  const auto text = sorted_table(
      "t.tsv", "# head\nb.c\tstdlib\na\tstdlib\nb\tframework\nab\tstdlib\n", TableKind::modules);
  REQUIRE(text.has_value());
  const NameTable table(*text);
  for (const std::string_view key : {"a", "ab", "b", "b.c"}) {
    CAPTURE(key);
    REQUIRE(table.find(key).has_value());
    CHECK((*table.find(key))[0] == key);
  }
  CHECK((*table.find("b"))[1] == "framework");
  for (const std::string_view key : {"", "A", "aa", "b.", "b.c.d", "c", "# head", "stdlib"}) {
    CAPTURE(key);
    CHECK_FALSE(table.find(key).has_value());
  }
}

TEST_CASE("a table knows which prefixes its keys have") {
  const NameTable table("a.b\tstdlib\na.c.d\tstdlib\nb\tstdlib\n");
  for (const std::string_view prefix : {"", "a", "a.", "a.c.", "a.c.d", "b"}) {
    CAPTURE(prefix);
    CHECK(table.has_prefix(prefix));
  }
  for (const std::string_view prefix : {"a.b.", "a.d", "b.", "c", "stdlib"}) {
    CAPTURE(prefix);
    CHECK_FALSE(table.has_prefix(prefix));
  }
}

TEST_CASE("an empty table finds nothing") {
  CHECK_FALSE(NameTable("").find("a").has_value());
  CHECK_FALSE(NameTable("# only a head").find("a").has_value());
  CHECK(NameTable("# only a head").rows().empty());
}

TEST_CASE("a table without a last newline is read to its end") {
  const NameTable table("a\tstdlib\nb\tstdlib");
  CHECK(table.find("b").has_value());
}

TEST_CASE("a bad line is refused with file and line") {
  struct Case {
    TableKind kind;
    const char* text;
    const char* message;
  };
  const auto c = GENERATE(values<Case>({
      {TableKind::gadgets, "a.b\tcode-exec\thigh\n", "x.tsv:1: wrong number of columns"},
      {TableKind::gadgets, "# h\n\na.b\tmagic\thigh\ts\n", "x.tsv:3: unknown effect"},
      {TableKind::gadgets, "a.b\tcode-exec+\thigh\ts\na\t\thigh\ts\n", "x.tsv:2: unknown effect"},
      {TableKind::gadgets, "a.b\tcode-exec\tbad\ts\n", "x.tsv:1: unknown severity"},
      {TableKind::allow, "a.b\tanything\ts\n", "x.tsv:1: unknown shape"},
      {TableKind::allow, "\tany\ts\n", "x.tsv:1: empty name"},
      {TableKind::allow, "a\tany\ts\nb\tany\ts\na\tclass\ts\n", "x.tsv:3: named twice"},
      {TableKind::modules, "a\tother\n", "x.tsv:1: neither stdlib nor framework"},
  }));
  CAPTURE(c.text);
  const auto text = sorted_table("x.tsv", c.text, c.kind);
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().message == c.message);
}
