#include <cstdlib>

#include "formats/pickle/pickle.h"
#include "tests/support/recording_context.h"

// Facts lie inside the input, and two walks over the same bytes tell the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto walk = [&] {
    return assay::test::Parse(assay::pickle::format, {bytes.begin(), bytes.end()});
  };
  const auto once = walk();
  for (const assay::Fact& fact : once.context.facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
  }
  for (const auto& region : once.context.code) {
    if (region.offset > size || region.size > size - region.offset) std::abort();
  }
  const auto twice = walk();
  if (once.context.facts != twice.context.facts) std::abort();
  if (once.result.has_value() != twice.result.has_value()) std::abort();
  return 0;
}
