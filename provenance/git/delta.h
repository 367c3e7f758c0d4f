#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"

// Deltas of a pack (gitformat-pack(5), "Deltified representation").
namespace assay::provenance::git {

// The size of what the delta makes; nothing when `delta` does not begin with both sizes.
std::optional<std::uint64_t> size_after_delta(Bytes delta);

// What `delta` makes of `base`, of at most `limit` bytes. `malformed`: the delta is of
// another base, copies from outside of it, or makes another size than it says.
Parsed<ByteString> apply_delta(Bytes base, Bytes delta, std::uint64_t limit);

}  // namespace assay::provenance::git
