#include "rules/rule_set.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::rules;

namespace {

constexpr const char* kOneRule =
    R"({"rules": [{"id": "TST-ONE-001", "severity": "low", "title": "T", "match": {"fact": "call"},
        "why": "W.", "fix": "F.", "samples": {"fires": ["x"], "silent": ["y"]}}]})";

NameClass class_of(const RuleSet& set, Import import) {
  return set.tables().classify(import).name_class;
}

}  // namespace

TEST_CASE("an added catalog is found, with its samples and its content") {
  RuleSet set;
  REQUIRE(set.add("mine.json", kOneRule).has_value());
  REQUIRE(set.find("TST-ONE-001"));
  CHECK(set.find("TST-ONE-002") == nullptr);
  CHECK(set.samples("TST-ONE-001").size() == 2);
  REQUIRE(set.added().size() == 1);
  CHECK(set.added()[0].name == "mine.json");
}

TEST_CASE("a file of the same name replaces, another file with the same id is refused") {
  RuleSet set;
  REQUIRE(set.add("mine.json", kOneRule).has_value());
  REQUIRE(set.add("mine.json", kOneRule).has_value());
  CHECK(set.catalog().size() == 1);
  const auto twice = set.add("other.json", kOneRule);
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().message == "rule TST-ONE-001 is defined twice");
  CHECK(set.catalog().size() == 1);
  CHECK(set.added().size() == 1);
}

TEST_CASE("an added table wins over the built-in ones, either way") {
  auto set = RuleSet::built_in();
  REQUIRE(set.has_value());
  CHECK(class_of(*set, {"os", "system"}) == NameClass::gadget);
  CHECK(class_of(*set, {"collections", "OrderedDict"}) == NameClass::harmless);
  REQUIRE(set->add("allow/mine.tsv", "os.system\tany\tours\n").has_value());
  REQUIRE(
      set->add("gadgets/mine.tsv", "collections.OrderedDict\tinvoke\thigh\tours\n").has_value());
  CHECK(class_of(*set, {"os", "system"}) == NameClass::harmless);
  CHECK(class_of(*set, {"collections", "OrderedDict"}) == NameClass::gadget);
}

TEST_CASE("a rule set can be moved with what was added to it") {
  RuleSet set;
  REQUIRE(set.add("gadgets.tsv", "a.b\tinvoke\thigh\tours\n").has_value());
  const RuleSet moved = std::move(set);
  CHECK(class_of(moved, {"a", "b"}) == NameClass::gadget);
}

TEST_CASE("a file that is no rule file is refused as unsupported") {
  RuleSet set;
  for (const char* name : {"README.md", "lists/x.tsv", "x.txt", ""}) {
    CAPTURE(name);
    const auto added = set.add(name, "");
    REQUIRE_FALSE(added.has_value());
    CHECK(added.error().code == ParseErrc::unsupported);
  }
}
