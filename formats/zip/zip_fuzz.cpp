#include <cstdint>
#include <cstdlib>

#include "formats/zip/zip.h"
#include "tests/support/recording_context.h"

namespace {
assay::Limits small_limits() {
  assay::Limits limits;
  limits.expanded_bytes = 8 << 20;
  limits.members = 500;
  return limits;
}
}  // namespace

// Facts lie inside the input, stored members are no larger than it, expanded
// ones within the budget, and a second run finds the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span{data, size});
  const assay::Limits limits = small_limits();
  const assay::test::Parse first(assay::zip::format, {input.begin(), input.end()}, "", limits);
  const assay::test::Parse second(assay::zip::format, {input.begin(), input.end()}, "", limits);
  for (const assay::Fact& fact : first.context.facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
  }
  for (const auto& member : first.context.members) {
    if (member.size > size + limits.expanded_bytes) std::abort();
  }
  if (first.context.facts != second.context.facts) std::abort();
  if (first.context.members.size() != second.context.members.size()) std::abort();
  return 0;
}
