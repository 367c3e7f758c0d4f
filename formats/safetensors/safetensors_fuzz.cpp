// Facts and code lie inside the file, a second run finds the same, and a file
// that parses is accounted for: header and tensors fill it.
#include <cstdlib>

#include "formats/safetensors/safetensors.h"
#include "tests/support/recording_context.h"

using namespace assay;

namespace {

void check(const Format& format, const test::Parse& parse, std::uint64_t size) {
  for (const Fact& fact : parse.context.facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
  }
  for (const auto& region : parse.context.code) {
    if (region.offset > size || region.size > size - region.offset) std::abort();
  }
  if (&format != &safetensors::format || !parse.result) return;
  std::uint64_t weights = 0;
  for (const Tensor& tensor : parse.context.all<Tensor>()) weights += tensor.byte_size;
  if (parse.context.has_anomaly("safetensors.duplicate-key")) return;
  if (8 + parse.context.code.at(0).size + weights != size) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* const bytes = reinterpret_cast<const std::byte*>(data);
  for (const Format* format : {&safetensors::format, &safetensors::index_format}) {
    const test::Parse first(*format, {bytes, bytes + size});
    const test::Parse second(*format, {bytes, bytes + size});
    check(*format, first, size);
    if (first.context.facts != second.context.facts) std::abort();
  }
  return 0;
}
