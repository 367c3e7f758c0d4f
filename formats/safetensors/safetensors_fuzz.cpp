#include "formats/safetensors/safetensors.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Beyond what holds of every parser: a file that parses is accounted for, header
// and tensors fill it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const auto seen = test::check_format(safetensors::format, source);
  if (!seen->result || seen->context.has_anomaly("safetensors.duplicate-key")) return 0;
  std::uint64_t weights = 0;
  for (const Tensor& tensor : seen->context.all<Tensor>()) weights += tensor.byte_size;
  test::require(8 + seen->context.code.at(0).size + weights == size, "header and tensors fill it");
  return 0;
}
