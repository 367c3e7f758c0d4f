#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/private_key.h"

namespace assay::provenance {

// A Sigstore bundle 0.3, JSON on one line, whose DSSE envelope holds the in-toto
// statement. With `chain` it is signed by certificate: the leaf, and then its issuers.
// `malformed` when the leaf is not of the key, `crashed` when the library cannot sign.
Parsed<std::string> sign_statement(std::string_view statement, const PrivateKey& key,
                                   std::span<const Certificate> chain = {});

}  // namespace assay::provenance
