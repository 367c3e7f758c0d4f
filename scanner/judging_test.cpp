#include "scanner/judging.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "scanner/rule_loader.h"

using namespace assay;

namespace {

const RuleSet& catalog() {
  static const Rules loaded = *load_rules({});
  return loaded.catalog;
}

Artifact artifact_of(std::string path, const Import& import) {
  Artifact artifact;
  artifact.path = std::move(path);
  artifact.format = "pickle";
  artifact.formats = {"pickle"};
  artifact.facts = {{1, 2, import}};
  return artifact;
}

// Members that import what nobody knows, and one that imports os.system.
Artifact archive() {
  Artifact all = artifact_of("a.zip", {"collections", "OrderedDict"});
  for (char name = 'a'; name <= 'e'; ++name) {
    all.members.push_back(artifact_of(std::string("a.zip!/") + name, {"nobody", {name}}));
  }
  all.members.push_back(artifact_of("a.zip!/z", {"os", "system"}));
  return all;
}

}  // namespace

TEST_CASE("as many findings as allowed are all kept, without a gap") {
  Artifact all = archive();
  const auto findings = judge_file(all, catalog());
  REQUIRE(findings.size() == 6);
  CHECK(all.gaps.empty());
  Artifact again = archive();
  CHECK(judge_file(again, catalog(), 6) == findings);
  CHECK(again.gaps.empty());
}

TEST_CASE("of too many findings the severest stay, and no member is safe for want of room") {
  Artifact complete = archive();
  const auto findings = judge_file(complete, catalog());
  Artifact all = archive();
  const auto kept = judge_file(all, catalog(), 3);
  REQUIRE(kept.size() == 3);
  CHECK(kept[0] == findings[0]);
  CHECK(kept[1] == findings[1]);
  CHECK(kept[2] == findings[5]);
  REQUIRE(all.gaps.size() == 1);
  CHECK(all.gaps[0].reason == ParseErrc::over_budget);
  CHECK(all.gaps[0].message == "limit reached: findings (3 for one file)");
  const auto has_gap = [](const Artifact& member) { return member.gaps.size() == 1; };
  CHECK(std::ranges::count_if(all.members, has_gap) == 3);
  CHECK(all.members[4].gaps[0].path == "a.zip!/e");
  CHECK_FALSE(has_gap(all.members[5]));
}
