#pragma once

#include "core/parse_context.h"

namespace assay::archive {

// Bytes from `end` on that are not all zero belong to no member: an anomaly
// `archive.trailing-data`, and a member of their own so that they are looked at.
void report_trailing(ParseContext& context, std::uint64_t end);

}  // namespace assay::archive
