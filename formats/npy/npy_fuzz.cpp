#include "formats/npy/npy.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Beyond what holds of every parser: what parses without a gap accounts for every byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const auto seen = test::check_format(npy::format, source, "a.npy");
  std::uint64_t end = 0;
  for (const Fact& fact : seen->context.facts) end = std::max(end, fact.offset + fact.size);
  if (seen->result && seen->context.gaps.empty()) test::require(end == size, "facts reach the end");
  return 0;
}
