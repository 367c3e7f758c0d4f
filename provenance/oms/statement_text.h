#pragma once

#include <string>
#include <string_view>

#include "provenance/oms/manifest.h"

namespace assay::provenance::oms {

// The statement of a manifest in the layout 1.0, spelled as the reference implementation
// spells it: indented by two, characters beyond ASCII escaped.
std::string statement_text(const Manifest& manifest);

// A JSON string in quotes, ASCII alone. `text` must be UTF-8.
std::string json_string(std::string_view text);

}  // namespace assay::provenance::oms
