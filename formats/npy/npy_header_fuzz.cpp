#include "formats/npy/header.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// The dict of a header without its frame: what is accepted names a dtype out of
// the text and is read alike whatever blanks numpy pads with.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(test::input(data, size));
  Budget budget(test::fuzz_limits());
  const auto header = npy::parse_header(text, budget);
  if (!header) {
    test::require(header.error().offset <= size, "the error lies inside");
    return 0;
  }
  test::require(text.contains(header->descr), "descr is a piece of the text");
  Budget other(test::fuzz_limits());
  const auto padded = npy::parse_header(std::string(text) + "\n", other);
  if (padded) {
    test::require(padded->descr == header->descr && padded->shape == header->shape &&
                      padded->data_size == header->data_size,
                  "padding changes nothing");
  }
  return 0;
}
