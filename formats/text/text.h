#pragma once

#include "core/format.h"

namespace assay::text {

// Anything that is text from the first byte to the last: UTF-8, UTF-16 with a
// byte order mark, or an 8-bit encoding without control characters. All of it
// bears code for YARA. Facts: a CodeBlob for scripts (shebang, or a name that an
// interpreter runs). A git-lfs pointer is a gap `not_fetched`: the weights it
// stands for are elsewhere (https://git-lfs.com/spec/v1); so are brackets nested
// so deep that programs which read them as JSON by recursion die (over_budget).
extern const Format format;

}  // namespace assay::text
