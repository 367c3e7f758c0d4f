#include <cstdint>
#include <cstdlib>

#include "formats/npy/npy.h"
#include "tests/support/recording_context.h"

// Every fact lies inside the input, and what parses without a gap or an anomaly
// accounts for every byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  MemorySource source{std::as_bytes(std::span{data, size})};
  Budget budget({.nodes = 100'000});
  test::RecordingContext context(source, "a.npy", budget);
  const auto done = npy::format.parse(context);
  std::uint64_t end = 0;
  for (const Fact& fact : context.facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
    end = std::max(end, fact.offset + fact.size);
  }
  if (done && context.gaps.empty() && end != size) std::abort();
  return 0;
}
