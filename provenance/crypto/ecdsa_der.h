#pragma once

#include <optional>

#include "core/bytes.h"
#include "provenance/base64.h"

namespace assay::provenance {

// DER of an ECDSA signature (RFC 3279 §2.2.3) from its two numbers, unsigned and
// big-endian. Nothing when one is empty or longer than a number of P-521.
std::optional<ByteString> ecdsa_der(Bytes r, Bytes s);

}  // namespace assay::provenance
