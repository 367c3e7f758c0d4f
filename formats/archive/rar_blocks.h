#pragma once

#include <cstdint>

#include "core/budget.h"
#include "core/byte_source.h"

namespace assay::archive {

// Steps from block header to block header of a RAR archive (versions 4 and 5,
// technote.txt) without reading their data, because libarchive takes an archive
// that is cut off for one that ends. Gives back where the archive ends: behind
// its end-of-archive block, or where the file ends, as archives of version 4 may have none.
// Fails when a block runs past the end, or when the headers are encrypted.
Parsed<std::uint64_t> find_rar_end(ByteSource& source, Budget& budget);

}  // namespace assay::archive
