#pragma once

#include "core/bytes.h"

namespace assay::json {

// Whether `text` is UTF-8, at memory speed.
bool is_utf8(Bytes text);

}  // namespace assay::json
