#include "formats/embedded/sweep.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// However a stream is cut into blocks, the same heads are found, in order, and
// each is one where it stands.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = test::input(data, size);
  const auto swept = [&](std::size_t block_size) {
    std::vector<std::uint64_t> offsets;
    embedded::Sweep sweep([&](embedded::Hit hit) { offsets.push_back(hit.offset); });
    for (std::size_t at = 0; at < size; at += block_size) sweep.feed(clip(bytes, at, block_size));
    sweep.finish();
    return offsets;
  };
  const auto whole = swept(size + 1);
  for (const std::size_t block_size : {std::size_t{1}, std::size_t{61}, size / 3 + 1}) {
    test::require(whole == swept(block_size), "blocks of " + std::to_string(block_size));
  }
  std::uint64_t last = 0;
  for (const std::uint64_t offset : whole) {
    test::require(!embedded::head_at(clip(bytes, offset, size)).empty(), "a hit is a head");
    test::require(offset >= last, "hits come in order");
    last = offset;
  }
  return 0;
}
