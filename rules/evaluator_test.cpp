#include "rules/evaluator.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace assay;

namespace {

const RuleSet& built_in() {
  static const RuleSet set = [] {
    auto loaded = RuleSet::built_in();
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
  }();
  return set;
}

Fact call_of(std::uint64_t offset, Import callee, std::string expression = "",
             CallKind kind = CallKind::reduce) {
  return {offset, 1,
          Call{.callee = std::move(callee),
               .kind = kind,
               .arguments = {},
               .passes = {},
               .expression = std::move(expression)}};
}

Artifact artifact_of(std::vector<Fact> facts, std::string path = "m.pkl") {
  Artifact out;
  out.path = std::move(path);
  out.facts = std::move(facts);
  return out;
}

std::vector<Finding> judged(Artifact artifact, const RuleSet& rules = built_in()) {
  std::vector<Finding> findings;
  judge(artifact, rules, findings);
  return findings;
}

RuleSet with(std::string catalog) {
  RuleSet set;
  const auto added = set.add("t.json", R"({"rules": [)" + catalog + "]}");
  INFO((added ? "" : added.error().message));
  REQUIRE(added.has_value());
  return set;
}

std::string evidence(const Finding& finding, std::string_view key) {
  for (const Evidence& e : finding.evidence) {
    if (e.key == key) return e.value;
  }
  return "";
}

}  // namespace

TEST_CASE("a call of a gadget is one finding that says what happens and where") {
  const auto findings =
      judged(artifact_of({{3, 11, Import{"posix", "system"}},
                          call_of(41, {"posix", "system"}, "posix.system('echo hi')")},
                         "model.pt!/archive/data.pkl"));
  REQUIRE(findings.size() == 1);
  const Finding& f = findings[0];
  CHECK(f.rule == "PKL-EXEC-001");
  CHECK(f.severity == Severity::critical);
  CHECK(f.path == "model.pt!/archive/data.pkl");
  CHECK(f.offset == 41);
  CHECK(f.title == "Loading runs an operating system command through posix.system");
  CHECK(f.message ==
        "Loading runs an operating system command through posix.system: posix.system('echo hi'), "
        "at byte 41 of model.pt!/archive/data.pkl.");
  CHECK(evidence(f, "callee") == "posix.system");
  CHECK(evidence(f, "expression") == "posix.system('echo hi')");
  CHECK(evidence(f, "kind") == "reduce");
  CHECK_FALSE(f.fix.empty());
  CHECK(f.fingerprint.size() == 32);
}

TEST_CASE("each class and use has its rule and severity") {
  struct Case {
    Fact fact;
    const char* rule;
    Severity severity;
  };
  using enum Severity;
  const auto c = GENERATE(values<Case>({
      {call_of(0, {"os", "system"}), "PKL-EXEC-001", critical},
      {call_of(0, {"subprocess", "Popen"}, "", CallKind::newobj), "PKL-EXEC-001", high},
      {{0, 0, Import{"os", "system"}}, "PKL-NAME-001", medium},
      {call_of(0, {"builtins", "eval"}), "PKL-EXEC-002", critical},
      {call_of(0, {"ctypes", "CDLL"}), "PKL-EXEC-003", critical},
      {call_of(0, {"pickle", "loads"}), "PKL-EXEC-004", critical},
      {call_of(0, {"importlib", "import_module"}), "PKL-EXEC-005", critical},
      {call_of(0, {"_thread", "start_new_thread"}), "PKL-EXEC-006", critical},
      {call_of(0, {"builtins", "setattr"}), "PKL-ATTR-001", critical},
      {call_of(0, {"builtins", "object.__subclasses__"}), "PKL-ATTR-002", high},
      {{0, 0, Import{"builtins", "object.__subclasses__"}}, "PKL-ATTR-003", high},
      {call_of(0, {"shutil", "rmtree"}), "PKL-FILE-001", high},
      {call_of(0, {"linecache", "getline"}), "PKL-FILE-002", high},
      {call_of(0, {"socket", "create_connection"}), "PKL-NET-001", high},
      {call_of(0, {"numpy", "full"}), "PKL-DOS-001", medium},
      {call_of(0, {"builtins", "breakpoint"}), "PKL-DEBUG-001", high},
      {{0, 0, Import{"typing", "collections"}}, "PKL-NAME-004", medium},
      {call_of(0, {}), "PKL-CALL-001", high},
      {call_of(0, {}, "", CallKind::build), "PKL-CALL-002", medium},
      {call_of(0, {"calendar", "weekheader"}), "PKL-CALL-003", high},
      {call_of(0, {"calendar", "NoSuchCalendar"}, "", CallKind::build), "PKL-CALL-004", medium},
      {{0, 0, Import{"calendar", "NoSuchCalendar"}}, "PKL-NAME-002", low},
      {call_of(0, {"__main__", "helper"}), "PKL-CALL-005", high},
      {call_of(0, {"__main__", "Net"}, "", CallKind::build), "PKL-CALL-006", medium},
      {{0, 0, Import{"__main__", "Net"}}, "PKL-NAME-003", low},
      {{0, 0, Anomaly{"generic.extension-mismatch", "d"}}, "GEN-EXT-001", low},
      {{0, 0, Anomaly{"generic.executable-disguised", "d"}}, "GEN-EXT-002", medium},
      {{0, 0, Anomaly{"generic.polyglot", "d"}}, "GEN-POLY-001", medium},
      {{0, 0, Embedded{"elf"}}, "GEN-EMBED-001", high},
      {{0, 0, Embedded{"zip"}}, "GEN-EMBED-002", medium},
  }));
  CAPTURE(c.rule);
  const auto findings = judged(artifact_of({c.fact}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == c.rule);
  CHECK(findings[0].severity == c.severity);
}

TEST_CASE("every effect of the gadget tables has a rule when called, built and named") {
  for (const std::string_view effect : rules::effects()) {
    auto set = RuleSet::built_in();
    REQUIRE(set.has_value());
    REQUIRE(
        set->add("gadgets/t.tsv", "t.f\t" + std::string(effect) + "\thigh\ttest\n").has_value());
    CAPTURE(effect);
    CHECK(judged(artifact_of({call_of(0, {"t", "f"})}), *set).size() == 1);
    CHECK(judged(artifact_of({call_of(0, {"t", "f"}, "", CallKind::build)}), *set).size() == 1);
    CHECK(judged(artifact_of({{0, 0, Import{"t", "f"}}}), *set).size() == 1);
  }
}

TEST_CASE("harmless calls leave no finding") {
  CHECK(
      judged(artifact_of({{0, 0, Import{"collections", "OrderedDict"}},
                          call_of(9, {"collections", "OrderedDict"}),
                          call_of(20, {"torch.nn.modules.linear", "Linear"}, "", CallKind::build)}))
          .empty());
}

TEST_CASE("the same call twice is one finding with a count, at the first place") {
  const auto findings = judged(artifact_of({call_of(90, {"os", "system"}, "os.system('a')"),
                                            call_of(10, {"os", "system"}, "os.system('a')"),
                                            call_of(50, {"os", "system"}, "os.system('b')")}));
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].offset == 10);
  CHECK(evidence(findings[0], "count") == "2");
  CHECK(findings[1].offset == 50);
  CHECK(evidence(findings[1], "count").empty());
}

TEST_CASE("objects of one class are one finding, whatever their state") {
  const auto findings =
      judged(artifact_of({call_of(1, {"__main__", "Net"}, "Net.__new__()", CallKind::newobj),
                          call_of(2, {"__main__", "Net"}, "state a", CallKind::build),
                          call_of(3, {"__main__", "Net"}, "state b", CallKind::build)}));
  REQUIRE(findings.size() == 1);
  CHECK(evidence(findings[0], "count") == "3");
}

TEST_CASE("a flood of different findings ends in a count of the rest") {
  std::vector<Fact> facts;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    facts.push_back(call_of(i, {"os", "system"}, "os.system('" + std::to_string(i) + "')"));
  }
  const auto findings = judged(artifact_of(std::move(facts)));
  CHECK(findings.size() == 200);
  CHECK(std::ranges::count_if(findings,
                              [](const Finding& f) { return evidence(f, "more") == "800"; }) == 1);
}

TEST_CASE("fingerprints do not move with the bytes, but tell causes apart") {
  const auto print = [](std::vector<Fact> facts, const std::string& path = "m.pkl") {
    return judged(artifact_of(std::move(facts), path)).at(0).fingerprint;
  };
  const auto base = print({call_of(1, {"os", "system"}, "os.system('a')")});
  CHECK(base == print({call_of(99, {"os", "system"}, "os.system('a')")}));
  CHECK(base != print({call_of(1, {"os", "system"}, "os.system('b')")}));
  CHECK(base != print({call_of(1, {"os", "popen"}, "os.system('a')")}));
  CHECK(base != print({call_of(1, {"os", "system"}, "os.system('a')")}, "n.pkl"));
  CHECK(base == "8dcc4c367134ca4173d09bc8e54a0494");
  CHECK(print({{0, 0, Anomaly{"generic.polyglot", "a at byte 12"}}}) ==
        print({{0, 0, Anomaly{"generic.polyglot", "a at byte 345"}}}));
  CHECK(print({{0, 0, Anomaly{"generic.polyglot", "a, 12"}}}) !=
        print({{0, 0, Anomaly{"generic.polyglot", "a, 13"}}}));
}

TEST_CASE("imports are listed once, sorted, with how safe they are") {
  Artifact artifact = artifact_of({{9, 0, Import{"torch", "FloatStorage"}},
                                   {0, 0, Import{"os", "system"}},
                                   {5, 0, Import{"__main__", "Net"}},
                                   {7, 0, Import{"os", "system"}}});
  std::vector<Finding> findings;
  judge(artifact, built_in(), findings);
  REQUIRE(artifact.imports.size() == 3);
  CHECK(artifact.imports[0] == ImportVerdict{{"__main__", "Net"}, "suspicious"});
  CHECK(artifact.imports[1] == ImportVerdict{{"os", "system"}, "dangerous"});
  CHECK(artifact.imports[2] == ImportVerdict{{"torch", "FloatStorage"}, "innocuous"});
}

TEST_CASE("members are judged too, and findings are ordered by path, offset and rule") {
  Artifact root =
      artifact_of({call_of(5, {"os", "system"}), call_of(2, {"builtins", "eval"})}, "b.zip");
  root.members.push_back(artifact_of({call_of(1, {"os", "system"})}, "b.zip!/z"));
  root.members.push_back(artifact_of({call_of(9, {"os", "system"})}, "b.zip!/a"));
  const auto findings = judged(root);
  REQUIRE(findings.size() == 4);
  CHECK(findings[0].offset == 2);
  CHECK(findings[1].offset == 5);
  CHECK(findings[2].path == "b.zip!/a");
  CHECK(findings[3].path == "b.zip!/z");
}

TEST_CASE("a very deep tree of members is walked without recursion") {
  Artifact root = artifact_of({}, "deep");
  Artifact* last = &root;
  for (int i = 0; i < 1000; ++i) last = &last->members.emplace_back();
  last->facts.push_back(call_of(0, {"os", "system"}));
  CHECK(judged(std::move(root)).size() == 1);
}

TEST_CASE("a rule of its own fires beside those that ask the tables") {
  auto set = RuleSet::built_in();
  REQUIRE(set.has_value());
  REQUIRE(
      set->add("mine.json", R"({"rules": [{"id": "TST-OWN-001", "severity": "info", "title": "T",
      "match": {"fact": "call", "callee": {"glob": "os.*"}}, "why": "W.", "fix": "F."}]})")
          .has_value());
  const auto findings = judged(artifact_of({call_of(0, {"os", "system"})}), *set);
  CHECK(findings.size() == 2);
}

TEST_CASE("a fallback fires only where no other rule did, with the fact's own severity") {
  const RuleSet set = with(
      R"({"id": "TST-FB-001", "severity": {"from": "fact"}, "fallback": true, "title": "{rule}: {description}",
          "match": {"fact": "match"}, "why": "W.", "fix": "F."},
         {"id": "TST-ONE-001", "severity": "low", "title": "T",
          "match": {"fact": "match", "rule": "known"}, "why": "W.", "fix": "F."})");
  const auto findings = judged(artifact_of({{0, 1, Match{"known", "x", "high", "d"}},
                                            {1, 1, Match{"other", "x", "critical", "d"}},
                                            {2, 1, Match{"third", "x", "", "d"}}}),
                               set);
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].rule == "TST-ONE-001");
  CHECK(findings[1].rule == "TST-FB-001");
  CHECK(findings[1].severity == Severity::critical);
  CHECK(findings[1].title == "other: d");
  CHECK(findings[2].severity == Severity::medium);
}

TEST_CASE("a placeholder's value is shortened") {
  const RuleSet set = with(R"({"id": "TST-ONE-001", "severity": "low", "title": "<{detail}>",
      "match": {"fact": "anomaly", "code": "x.y"}, "why": "W.", "fix": "F."})");
  const auto findings = judged(artifact_of({{0, 0, Anomaly{"x.y", std::string(5000, 'a')}}}), set);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].title.size() < 200);
  CHECK(findings[0].message.size() < 400);
}
