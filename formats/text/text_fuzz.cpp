#include <cstdlib>

#include "formats/text/text.h"
#include "tests/support/recording_context.h"

// What is called text is read by YARA from its first byte to its last.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(std::as_bytes(std::span{data, size}));
  assay::Budget budget;
  assay::test::RecordingContext context(source, "", budget);
  if (!assay::text::format.parse(context)) return 0;
  if (context.code.size() != 1 || context.code[0].size != size) std::abort();
  return 0;
}
