#include "rules/condition.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace assay::rules;

TEST_CASE("a glob covers the whole text") {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const auto c = GENERATE(values<Case>({{"*.so", "lib/a.so", true},
                                        {"*.so", "a.so.1", false},
                                        {"a?c", "abc", true},
                                        {"a?c", "ac", false},
                                        {"*", "", true},
                                        {"", "", true},
                                        {"", "a", false},
                                        {"a*b*c", "a-b-b-c", true},
                                        {"a*b*c", "a-b-b", false}}));
  CAPTURE(c.pattern, c.text);
  CHECK(glob_matches(c.pattern, c.text) == c.matches);
}

TEST_CASE("many stars do not take exponential time") {
  const std::string text(2000, 'a');
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST_CASE("every kind of fact has fields, and each field gives its value") {
  const std::vector<FactValue> one_of_each{
      Import{"m", "n"}, Call{},     CodeBlob{},
      Reference{},      Member{},   Tensor{"t", "F32", {2, 3}, 24},
      Metadata{},       Embedded{}, Anomaly{},
      Match{},          Signature{}};
  // Instructions, whole evidence and digests are told to people, not to rules.
  REQUIRE(one_of_each.size() == std::variant_size_v<FactValue> - 3);
  CHECK_FALSE(is_fact_kind("instruction"));
  CHECK_FALSE(is_fact_kind("evidence"));
  CHECK_FALSE(is_fact_kind("digest"));
  for (const FactValue& value : one_of_each) {
    CAPTURE(kind_of(value));
    CHECK(is_fact_kind(kind_of(value)));
    const Fact fact{0, 0, value};
    for (const Field& field : fields()) {
      if (field.kind != kind_of(value)) continue;
      Values values;
      field.get({fact, nullptr}, values);
      CHECK(values.views().size() <= 1);
    }
  }
}

TEST_CASE("numbers and shapes are matched as text") {
  const Fact fact{0, 0, Tensor{"t", "F32", {2, 3}, 24}};
  Values scratch;
  CHECK(Condition{find_field("tensor", "byte_size"), {"24"}}.holds({fact, nullptr}, scratch));
  CHECK(Condition{find_field("tensor", "shape"), {"2x3"}}.holds({fact, nullptr}, scratch));
}

TEST_CASE("a negated condition holds only when no value fits") {
  Call call;
  call.passes = {{"os", "system"}, {"a", "b"}};
  const Fact fact{0, 0, call};
  Values scratch;
  const Field* passes = find_field("call", "passes");
  CHECK(Condition{passes, {"a.b"}}.holds({fact, nullptr}, scratch));
  CHECK_FALSE(Condition{passes, {"a.b"}, false, true}.holds({fact, nullptr}, scratch));
  CHECK(Condition{passes, {"c.d"}, false, true}.holds({fact, nullptr}, scratch));
}
