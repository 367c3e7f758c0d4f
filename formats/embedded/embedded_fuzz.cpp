#include <cstdlib>
#include <vector>

#include "formats/embedded/sweep.h"

// However a stream is cut into blocks, the same heads are found.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Bytes bytes = std::as_bytes(std::span{data, size});
  const auto swept = [&](std::size_t block_size) {
    std::vector<std::uint64_t> offsets;
    assay::embedded::Sweep sweep([&](assay::embedded::Hit hit) { offsets.push_back(hit.offset); });
    for (std::size_t at = 0; at < size; at += block_size) sweep.feed(assay::clip(bytes, at, block_size));
    sweep.finish();
    return offsets;
  };
  const auto whole = swept(size + 1);
  if (whole != swept(size / 3 + 1)) std::abort();
  for (const std::uint64_t offset : whole) {
    if (assay::embedded::head_at(assay::clip(bytes, offset, size)).empty()) std::abort();
  }
  return 0;
}
