#include "formats/pickle/pickle.h"
#include "tests/support/fuzz_properties.h"

// Rows of pickles, joblib arrays between their opcodes, legacy torch files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  assay::test::check_format(assay::pickle::format, source);
  return 0;
}
