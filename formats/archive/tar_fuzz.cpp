#include "formats/archive/archive.h"
#include "tests/support/fuzz_properties.h"

// Header blocks, pax and GNU extensions, sparse maps, whatever the checksum of the first block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::archive::tar, source);
  return 0;
}
