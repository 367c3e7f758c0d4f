#include "formats/archive/archive.h"
#include "tests/support/fuzz_properties.h"

// The blocks of versions 4 and 5, then libarchive behind them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::archive::rar, source);
  return 0;
}
