#include <array>
#include <cstdint>
#include <cstdlib>

#include "core/text.h"
#include "formats/archive/archive.h"
#include "tests/support/recording_context.h"

namespace {

using namespace assay;

constexpr std::array kFormats{&archive::tar,  &archive::sevenzip, &archive::cpio, &archive::rar,
                              &archive::gzip, &archive::bzip2,    &archive::xz,   &archive::lzma,
                              &archive::zstd, &archive::lz4,      &archive::zlib};

struct Run {
  Run(const Format& format, Bytes bytes)
      : source(bytes),
        budget({.expanded_bytes = 8 << 20, .members = 50, .nodes = 20'000}),
        context(source, "a", budget),
        ok(format.parse(context).has_value()) {}
  MemorySource source;
  Budget budget;
  test::RecordingContext context;
  bool ok;
};

}  // namespace

// Whoever claims the bytes: facts begin inside them, no more comes out than was
// paid for, and a second run sees the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span{data, size});
  MemorySource source{bytes};
  const ByteView head = source.view(0, Probe::kHeadSize);
  for (const Format* format : kFormats) {
    if (format->identify({.head = head, .size = size, .name = "", .source = &source}) ==
        Confidence::none) {
      continue;
    }
    const Run first(*format, bytes);
    const Run second(*format, bytes);
    for (const Fact& fact : first.context.facts) {
      if (fact.offset > size) std::abort();
    }
    if (first.ok != second.ok || first.context.facts != second.context.facts ||
        first.context.members.size() != second.context.members.size()) {
      std::abort();
    }
  }
  return 0;
}
