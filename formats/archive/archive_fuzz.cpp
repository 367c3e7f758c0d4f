#include <array>

#include "formats/archive/archive.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// Whoever claims the bytes parses them: the compressed formats begin with a magic
// that blind bytes keep.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array kFormats{&archive::tar, &archive::sevenzip, &archive::cpio,
                                       &archive::rar, &archive::gzip,     &archive::bzip2,
                                       &archive::xz,  &archive::lzma,     &archive::zstd,
                                       &archive::lz4, &archive::zlib};
  MemorySource source(test::input(data, size));
  for (const Format* format : kFormats) {
    if (test::bid(*format, source, "a") != Confidence::none) {
      test::check_format(*format, source, "a");
    }
  }
  return 0;
}
