#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/base64.h"

namespace assay::provenance::git {

// What a zlib stream (RFC 1950) at the front of `input` expands to, up to `limit` bytes;
// bytes behind the stream are none of it. With `whole` the stream must end within the
// limit. Nothing when the input ends before that; `malformed`: no such stream, or one
// that goes on.
Parsed<std::optional<ByteString>> inflate(Bytes input, std::uint64_t limit, bool whole);

}  // namespace assay::provenance::git
