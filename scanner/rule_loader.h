#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "scanner/engine.h"

namespace assay {

// The built-in rules and, added to them, those of each directory: *.yar, *.json
// (catalog), gadgets/*.tsv and allow/*.tsv. A file that cannot be read or does
// not compile is an error whose message names file and line. YARA's rules are
// loaded when they are needed in this process, or when there are any to check.
Parsed<Rules> load_rules(const std::vector<std::string>& directories, bool needs_yara = true);

}  // namespace assay
