#pragma once

#include <string_view>

#include "core/format.h"

namespace assay::pickle {

// How sure it is that a pickle begins with `head`, which has more bytes behind
// it if `more`. Found out by walking the head on trial: protocols 0 and 1 have
// no magic, and their opcodes are letters, so text must not pass for them.
Confidence trial(Bytes head, bool more, std::string_view name);

}  // namespace assay::pickle
