#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::provenance {

using ByteString = std::vector<std::byte>;

// The bytes that `text` stands for in base64 (RFC 4648 §4), nothing if it is none.
// As the protobuf JSON mapping wants: the URL alphabet and missing padding are
// taken too, and line breaks are stepped over. Bits left over must be zero, so
// that one text stands for the bytes.
std::optional<ByteString> from_base64(std::string_view text);

// Standard alphabet, padded, on one line.
std::string to_base64(Bytes bytes);

// The bytes of lower- or upper-case hex, nothing if it is none.
std::optional<ByteString> from_hex(std::string_view text);

}  // namespace assay::provenance
