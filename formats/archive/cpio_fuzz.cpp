#include "formats/archive/archive.h"
#include "tests/support/fuzz_properties.h"

// All four header forms, whatever the first bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::archive::cpio, source);
  return 0;
}
