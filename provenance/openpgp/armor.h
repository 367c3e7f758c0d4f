#pragma once

#include <string_view>

#include "core/error.h"
#include "provenance/base64.h"

namespace assay::provenance::openpgp {

// Takes the first armoured block of the kind `label` ("PGP SIGNATURE") off the front of
// `text`, which must begin with it, and gives its bytes (RFC 9580 §6). `malformed`: none
// begins there, it does not end, it is no base64, its checksum is wrong.
Parsed<ByteString> take_armor(std::string_view& text, std::string_view label);

}  // namespace assay::provenance::openpgp
