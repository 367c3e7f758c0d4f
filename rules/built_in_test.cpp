// What is compiled in: every file well formed, every rule complete.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "rules/built_in_files.h"
#include "rules/rule_set.h"

using namespace assay;
using namespace assay::rules;

namespace {

struct Table {
  TableKind kind;
  const BuiltInFile* file;
};

std::vector<Table> tables() {
  std::vector<Table> out;
  for (const BuiltInFile& file : built_in_files()) {
    if (file.name.starts_with("gadgets/")) out.push_back({TableKind::gadgets, &file});
    if (file.name.starts_with("allow/")) out.push_back({TableKind::allow, &file});
    if (file.name.starts_with("known-modules")) out.push_back({TableKind::modules, &file});
  }
  return out;
}

std::string without_comments(std::string_view text) {
  while (text.starts_with('#')) text.remove_prefix(text.find('\n') + 1);
  return std::string(text);
}

}  // namespace

TEST_CASE("every built-in table is well formed and already sorted") {
  for (const Table& table : tables()) {
    CAPTURE(table.file->name);
    const auto sorted = sorted_table(table.file->name, table.file->text, table.kind);
    REQUIRE(sorted.has_value());
    CHECK(*sorted == without_comments(table.file->text));
  }
}

TEST_CASE("no name is both a gadget and harmless whatever is done with it") {
  std::set<std::string_view> gadgets;
  std::map<std::string_view, std::string_view> allowed;
  for (const Table& table : tables()) {
    for (const Row& row : NameTable(table.file->text).rows()) {
      CAPTURE(table.file->name, row[0]);
      if (table.kind == TableKind::gadgets) CHECK(gadgets.insert(row[0]).second);
      if (table.kind == TableKind::allow) CHECK(allowed.try_emplace(row[0], row[1]).second);
    }
  }
  CHECK(gadgets.size() > 1900);
  CHECK(allowed.size() > 4000);
  for (const auto& [name, word] : allowed) {
    Shape shape{};
    REQUIRE(shape_from(word, shape));
    CAPTURE(name, word);
    CHECK((is_conditional(shape) || !gadgets.contains(name)));
  }
}

TEST_CASE("every built-in catalog is well formed, samples included") {
  for (const BuiltInFile& file : built_in_files()) {
    if (!file.name.ends_with(".json")) continue;
    const auto rules = read_catalog(file.name, file.text, SampleCheck::yes);
    INFO((rules ? "" : rules.error().message));
    CHECK(rules.has_value());
  }
}

TEST_CASE("every built-in rule says why, how to fix it, and has samples of both kinds") {
  const auto set = RuleSet::built_in();
  REQUIRE(set.has_value());
  REQUIRE(set->catalog().size() > 20);
  for (const RuleInfo& rule : set->catalog()) {
    CAPTURE(rule.id);
    CHECK(rule.why.ends_with('.'));
    CHECK(rule.fix.ends_with('.'));
    CHECK_FALSE(rule.references.empty());
    CHECK_FALSE(rule.tags.empty());
    const auto samples = set->samples(rule.id);
    CHECK(std::ranges::count(samples, true, &RuleSample::fires) > 0);
    CHECK(std::ranges::count(samples, false, &RuleSample::fires) > 0);
  }
}
