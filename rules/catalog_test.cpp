#include "rules/catalog.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::rules;

namespace {

std::string entry(const std::string& match, const std::string& severity = R"("high")",
                  const std::string& more = "") {
  return R"({"rules": [)"
         "\n"
         R"({"id": "TST-ONE-001", "severity": )" +
         severity + R"(, "title": "T", "match": )" + match + R"(, "why": "W.", "fix": "F.")" +
         more + "}]}";
}

std::string refusal(const std::string& text) {
  const auto rules = read_catalog("x.json", text, SampleCheck::yes);
  return rules ? "" : rules.error().message;
}

}  // namespace

TEST_CASE("an entry is read with all its conditions") {
  const auto rules = read_catalog(
      "x.json",
      entry(R"({"fact": "member", "name": {"not": {"glob": ["*.so", "*.dll"]}}, "method": "link"})",
            R"("medium")", R"(, "references": ["CWE-1"], "tags": ["a"])"),
      SampleCheck::yes);
  REQUIRE(rules.has_value());
  const Rule& rule = rules->at(0);
  CHECK(rule.info.id == "TST-ONE-001");
  CHECK(rule.info.severity == Severity::medium);
  CHECK(rule.info.references == std::vector<std::string>{"CWE-1"});
  REQUIRE(rule.conditions.size() == 2);
  CHECK(rule.conditions[0].glob);
  CHECK(rule.conditions[0].negated);
  CHECK(rule.conditions[0].words == std::vector<std::string>{"*.so", "*.dll"});
}

TEST_CASE("an entry that says something unknown is refused with file, line and reason") {
  struct Case {
    std::string text;
    const char* reason;
  };
  const std::string place = "x.json:2: rule TST-ONE-001: ";
  const auto c = GENERATE_COPY(values<Case>({
      {entry(R"({"fact": "thing"})"), "\"match\" names no known kind of fact"},
      {entry(R"({"fact": "call", "colour": "red"})"), "a fact 'call' has no field 'colour'"},
      {entry(R"({"fact": "call", "kind": 3})"),
       "a condition is a word, a list of words, true or false"},
      {entry(R"({"fact": "call", "kind": []})"),
       "a condition is a word, a list of words, true or false"},
      {entry(R"({"fact": "call", "kind": {"like": "x"}})"), "unknown condition 'like'"},
      {entry(R"({"fact": "call", "kind": {"not": {"not": {"not": "x"}}}})"),
       "conditions nest too deeply"},
      {entry(R"({"fact": "call"})", R"("grave")"), "unknown severity"},
      {entry(R"({"fact": "anomaly"})", R"({"from": "gadget"})"),
       "a fact 'anomaly' gives no such severity"},
      {entry(R"({"fact": "call"})", R"("low")", R"(, "wehn": 1)"), "unknown key 'wehn'"},
      {entry(R"({"fact": "call"})", R"("low")",
             R"(, "samples": {"fires": [{"hex": "0"}], "silent": []})"),
       "\"samples\" holds \"fires\" and \"silent\", lists of samples"},
      {R"({"rules": [)"
       "\n"
       R"({"id": "TST-ONE-001", "severity": "low", "title": "{x}", "match": {"fact": "call"}, "why": "W", "fix": "F"}]})",
       "a fact 'call' has no field 'x'"},
  }));
  CAPTURE(c.text);
  CHECK(refusal(c.text) == place + c.reason);
}

TEST_CASE("what is no catalog is refused") {
  CHECK(refusal("").starts_with("x.json:1: "));
  CHECK(refusal("{").starts_with("x.json:1: "));
  CHECK(refusal("{}") == "x.json:1: no list \"rules\"");
  CHECK(refusal("[1]") == "x.json:1: no list \"rules\"");
  CHECK(refusal(R"({"rules": [7]})") == "x.json:1: a rule is an object");
  CHECK(refusal(R"({"rules": [{"id": "lower-case-1"}]})") ==
        "x.json:1: \"id\" is not of the form AREA-KIND-NNN");
}

TEST_CASE("samples are text, hex, a corpus file or a fact") {
  const std::string text =
      entry(R"({"fact": "call"})", R"("low")",
            R"(, "samples": {"fires": ["plain", {"hex": "80 02", "name": "a.pkl"}],
                            "silent": [{"text": "t"}, {"file": "corpus/x"},
                                       {"anomaly": "generic.parser-crashed"}]})");
  const auto samples = read_samples(text, "TST-ONE-001");
  REQUIRE(samples.size() == 5);
  CHECK(samples[4].anomaly == "generic.parser-crashed");
  CHECK(samples[0].bytes == "plain");
  CHECK(samples[0].fires);
  CHECK(samples[1].bytes == "\x80\x02");
  CHECK(samples[1].name == "a.pkl");
  CHECK_FALSE(samples[2].fires);
  CHECK(samples[3].file == "corpus/x");
  CHECK(read_samples(text, "TST-ONE-002").empty());
}
