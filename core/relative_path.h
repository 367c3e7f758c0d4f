#pragma once

#include <string_view>

namespace assay {

// Why a loader that joins `path` to a folder could end up outside of it, on any
// system: absolute, a drive, a backslash, a ".." component, a URL, a NUL, empty.
// Empty when nothing is wrong. `path` itself is not shown: escape it.
std::string_view escape_reason(std::string_view path);

}  // namespace assay
