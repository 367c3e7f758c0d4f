#include "formats/onnx/onnx.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Beyond what holds of every parser: ranges of code do not overlap.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const auto seen = test::check_format(onnx::format, source);
  std::uint64_t last = 0;
  for (const auto& code : seen->context.code) {
    test::require(code.offset >= last, "ranges of code are in order");
    last = code.offset + code.size;
  }
  return 0;
}
