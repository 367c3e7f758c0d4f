// Facts and code lie inside the file, code ranges do not overlap, a second run
// finds the same, and bytes without weights are all code.
#include <cstdlib>

#include "formats/onnx/onnx.h"
#include "tests/support/recording_context.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const auto* const bytes = reinterpret_cast<const std::byte*>(data);
  const test::Parse first(onnx::format, {bytes, bytes + size});
  const test::Parse second(onnx::format, {bytes, bytes + size});
  if (first.context.facts != second.context.facts) std::abort();
  for (const Fact& fact : first.context.facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
  }
  std::uint64_t last = 0;
  for (const auto& region : first.context.code) {
    if (region.offset < last || region.size > size - region.offset) std::abort();
    last = region.offset + region.size;
  }
  MemorySource source(Bytes{bytes, size});
  const Probe probe{Bytes{bytes, size}.first(std::min<std::size_t>(size, Probe::kHeadSize)), size,
                    "", &source};
  onnx::format.identify(probe);
  return 0;
}
