#pragma once

#include <optional>

#include "core/bytes.h"
#include "provenance/evidence.h"

// Signatures of other kinds that lie beside models, and that nobody here checks.
namespace assay::provenance::foreign {

// What `file` is by its content: kind "openpgp" (armoured or packets, RFC 9580), "sshsig"
// (PROTOCOL.sshsig), "minisign" (and signify, which has the same form), "c2pa" (a JUMBF
// box), "raw" (base64 of an ECDSA signature, as cosign writes one). Nothing for anything
// else, above all JSON.
//
// The evidence has the one check signature.unchecked (unknown), and where the signature
// names its key the property key_id.
std::optional<Evidence> recognize(Bytes file);

}  // namespace assay::provenance::foreign
