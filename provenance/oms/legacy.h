#pragma once

#include <string_view>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance::oms {

// What model_signing 0.2 signed in place of the encoding of DSSE: the tag is "DSSEV1",
// and the payload stands there as the text of a literal of Python's `bytes`.
ByteString old_authentication_encoding(std::string_view payload_type, Bytes payload);

}  // namespace assay::provenance::oms
