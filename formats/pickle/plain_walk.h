#pragma once

#include <cstdint>

#include "core/parse_context.h"

namespace assay::pickle {

struct Session;

// pickle.load knows nothing of joblib's arrays: it takes their bytes for opcodes,
// and a file can be made to hold some there that joblib.load steps over. Tells
// what the pickles from `offset` on do that way from the first array on, if what
// stands in it names or calls anything, other than what `session`, of the walk
// that joblib makes, has told.
void walk_as_plain(ParseContext& context, std::uint64_t offset, Session& session);

}  // namespace assay::pickle
