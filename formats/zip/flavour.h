#pragma once

#include <span>
#include <string_view>

#include "formats/zip/directory.h"

namespace assay::zip {

// The format that the names of the entries make of a zip: "npz", "keras",
// "mar", "skops" ... or just "zip". The torch family is told by
// formats/torch/layout.h.
std::string_view flavour_of(std::span<const Entry> entries);

}  // namespace assay::zip
