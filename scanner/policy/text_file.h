#pragma once

#include <cstddef>
#include <string>

#include "core/error.h"

namespace assay::policy {

// The content of a file of the user's; fails when it cannot be read, is no regular file
// or has more than `limit` bytes.
Parsed<std::string> read_text_file(const std::string& name, std::size_t limit);

}  // namespace assay::policy
