#pragma once

#include "core/format.h"

namespace assay::test {

// A file that begins with "ASSAY FAULT <word>\n" does what the word says while it
// is parsed: what a parser with a bug, or one that was taken over, might do.
extern const Format faulty_format;

}  // namespace assay::test
