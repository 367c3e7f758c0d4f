#pragma once

#include <string>
#include <string_view>

#include "core/scan_result.h"

namespace assay::sbom {

// Whether every layer was in force that the sandbox cannot do without.
bool is_fully_sandboxed(const ToolInfo& tool);

// What protected the reading of the files, in one line for people: "Sandbox:
// partial. Missing: landlock (ENOSYS: Function not implemented)." A report that
// was read back may hold anything here: each text goes through `show`, which has
// to make it safe to show, and no more than 16 layers are named.
std::string sandbox_line(const ToolInfo& tool, std::string (*show)(std::string_view text));

// The same for formats without markup: escaped.
std::string sandbox_line(const ToolInfo& tool);

}  // namespace assay::sbom
