// The registry of the program with one format put in front. The linker finds
// these definitions first and leaves the registry's own in its archive.
#define all_formats all_real_formats
#include "formats/registry.cpp"  // NOLINT
#undef all_formats

#include <vector>

#include "tests/faults/faulty_format.h"

namespace assay {

std::span<const Format* const> all_formats();

std::span<const Format* const> all_formats() {
  static const std::vector<const Format*> formats = [] {
    std::vector<const Format*> all{&test::faulty_format};
    for (const Format* format : all_real_formats()) all.push_back(format);
    return all;
  }();
  return formats;
}

}  // namespace assay
