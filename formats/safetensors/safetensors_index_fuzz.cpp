#include "formats/safetensors/safetensors.h"
#include "tests/support/fuzz_properties.h"

// The index of a sharded model: JSON that names files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::safetensors::index_format, source);
  return 0;
}
