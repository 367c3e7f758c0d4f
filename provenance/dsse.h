#pragma once

#include <string_view>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance {

inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

// The bytes that a DSSE signature is over (DSSE v1 protocol, "PAE"): "DSSEv1", the
// size of the type, the type, the size of the payload, the payload.
ByteString pre_authentication_encoding(std::string_view payload_type, Bytes payload);

}  // namespace assay::provenance
