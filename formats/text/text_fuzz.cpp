#include "formats/text/text.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Beyond what holds of every parser: what is called text is read by YARA from its
// first byte to its last.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const auto seen = test::check_format(text::format, source);
  if (!seen->result) return 0;
  test::require(seen->context.code.size() == 1 && seen->context.code[0].size == size,
                "all of it is code");
  return 0;
}
