#pragma once

#include <span>

#include "core/format.h"

namespace assay {

// Every format that can be parsed, in the order in which their facts are
// reported. To add one, see CONVENTIONS §2.
std::span<const Format* const> all_formats();

// What bytes are when no format accepts them and they are text throughout.
const Format& text_format();

// Loads what libraries of the parsers look for in files, for a process that soon
// may open none.
void prepare_formats();

}  // namespace assay
