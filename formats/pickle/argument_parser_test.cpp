#include "formats/pickle/argument_parser.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/fact.h"
#include "formats/pickle/test_support.h"

using namespace assay;
using namespace assay::pickle;
using namespace assay::pickle::test;

namespace {

constexpr std::string_view kWritten =
    "\ndef _parse_args(self, a, b, loc=0, scale=1):\n    return (a, b), loc, scale\n\n"
    "def _parse_args_rvs(self, a, b, loc=0, scale=1.5, size=None):\n"
    "    return self._argcheck_rvs(a, b, loc, scale, size=size)\n\n"
    "def _parse_args_stats(self,  loc=0, moments='mv'):\n    return (), loc, moments\n";

}  // namespace

TEST_CASE("the source text that scipy writes into a distribution is known") {
  CHECK(is_argument_parser(kWritten));
  CHECK(is_argument_parser(""));
}

TEST_CASE("source text that does anything but return its parameters is not scipy's") {
  for (const std::string_view line : {"import os",
                                      "    import os",
                                      "CANARY()",
                                      "    return f(a)",
                                      "    return (f) (a)[0]",
                                      "    return (f) (a)",
                                      "    return f (a)",
                                      "    return 'f'(a)",
                                      "    return a.b",
                                      "    return a1.real",
                                      "    return 1.",
                                      "    return self._argcheck_rvs(f(a))",
                                      "def _parse_args(self, a=f()):",
                                      "def _parse_args(self, a=(b)):",
                                      "def g(self):",
                                      "def _parse_args(self): import os",
                                      "def _parse_args(self): return os",
                                      "    return [f for f in a]",
                                      "    return a; import os",
                                      "    return a #",
                                      "@f",
                                      "    return lambda: a",
                                      "    return a\\",
                                      "    return a\r    import os",
                                      "\t"}) {
    CAPTURE(line);
    CHECK_FALSE(is_argument_parser(std::string(kWritten) + std::string(line) + "\n"));
    CHECK_FALSE(is_argument_parser(line));
  }
}

TEST_CASE("a distribution that gets other source text than scipy writes is told") {
  const auto told = [](std::string_view state) {
    const Parse parsed = parse(
        "\x80\x02"
        "cscipy.stats._continuous_distns\nnorm_gen\n)\x81" +
        std::string(state) + "b.");
    std::vector<std::string> codes;
    for (const Anomaly& anomaly : parsed.context.all<Anomaly>()) codes.push_back(anomaly.code);
    return codes == std::vector<std::string>{"pickle.source-in-state"};
  };
  const std::string key = "S'_parse_arg_template'\n";
  const std::string known = "S'    return a'\n";
  CHECK_FALSE(told("}" + key + known + "s"));
  CHECK_FALSE(told("(}(S'a'\nNS'b'\nNS'c'\nNuNt"));
  CHECK(told("}" + key + "S'CANARY()'\ns"));
  CHECK(told("}" + key + known + "s" + key + "S'CANARY()'\ns"));
  // What the key or the text is, only running would tell.
  CHECK(told("}c_codecs\ndecode\n(S'_parse_arg_template'\ntR" + known + "s"));
  CHECK(told("}" + key + "cCANARY\nf\n)Rs"));
  CHECK(told("ccollections\nOrderedDict\n)R"));
  // Pairs, which dict.update takes as well; a dict of two keys is one.
  CHECK(told("((" + key + known + "t(" + key + known + "tt"));
  CHECK(told("(}(" + key + known + "S'CANARY()'\nNuNt"));
  CHECK(told("]"));
}

TEST_CASE("a formula of a statistical model is told when it holds more than columns") {
  const auto told = [](std::string_view formula) {
    const Parse parsed = parse(
        "\x80\x02"
        "cstatsmodels.base.data\nPandasData\n)\x81}S'formula'\nS'" +
        std::string(formula) + "'\nsb.");
    return !parsed.context.all<Anomaly>().empty();
  };
  CHECK_FALSE(told("y ~ a + b:c - 1"));
  CHECK(told("y ~ CANARY()"));
  CHECK(told("y ~ a.b"));
  CHECK(told("y ~ a[0]"));
}
