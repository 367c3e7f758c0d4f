#include "formats/archive/archive.h"
#include "tests/support/fuzz_properties.h"

// Our reader of the header, then libarchive behind it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::archive::sevenzip, source);
  return 0;
}
