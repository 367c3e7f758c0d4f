#pragma once

#include "core/parse_context.h"
#include "formats/archive/library_reader.h"

namespace assay::archive {

// Shows the entries that libarchive finds in the context's source.
Parsed<void> walk_library(ParseContext& context, LibraryFormat format);

}  // namespace assay::archive
