#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/pickle/pickle.h"
#include "tests/support/hex.h"
#include "tests/support/recording_context.h"

namespace assay::pickle::test {

using assay::test::bytes;
using assay::test::Parse;
using assay::test::raw;

// A string literal with its NULs.
template <std::size_t N>
std::string_view lit(const char (&text)[N]) {
  return {text, N - 1};
}

inline Parse parse(std::string_view stream) { return Parse(format, raw(stream)); }

// The expressions of all calls, in order.
inline std::vector<std::string> calls(const Parse& parsed) {
  std::vector<std::string> out;
  for (const Call& call : parsed.context.all<Call>()) out.push_back(call.expression);
  return out;
}

inline std::vector<std::string> imports(const Parse& parsed) {
  std::vector<std::string> out;
  for (const Import& import : parsed.context.all<Import>()) out.push_back(dotted(import));
  return out;
}

}  // namespace assay::pickle::test
