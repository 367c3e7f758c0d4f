#include "formats/zip/zip.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Beyond what holds of every parser: stored members are no larger than the file,
// expanded ones within the budget.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemorySource source(test::input(data, size));
  const auto seen = test::check_format(zip::format, source);
  for (const auto& member : seen->context.members) {
    test::require(member.size <= size + test::fuzz_limits().expanded_bytes, "members fit");
  }
  return 0;
}
