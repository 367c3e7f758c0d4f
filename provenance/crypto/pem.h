#pragma once

#include <string_view>
#include <vector>

#include "provenance/base64.h"

namespace assay::provenance {

// The content of each block "-----BEGIN label-----" of `text` (RFC 7468), in order.
// Blocks of other labels, and what is no base64, are left out.
std::vector<ByteString> pem_blocks(std::string_view text, std::string_view label);

}  // namespace assay::provenance
