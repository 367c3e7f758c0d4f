#include "provenance/foreign/foreign.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// What is recognised is unchecked, and nothing more is said of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const auto evidence = foreign::recognize(input);
  test::require(evidence == foreign::recognize(input), "two readings agree");
  if (evidence) test::require(evidence->state() == "unchecked", "nobody checked it");
  return 0;
}
