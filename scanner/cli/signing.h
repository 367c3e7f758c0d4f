#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/private_key.h"
#include "scanner/cli/arguments.h"

namespace assay::cli {

// What a user signs with. A private key without a certificate of its own has no chain.
struct SigningKey {
  provenance::PrivateKey key;
  std::vector<provenance::Certificate> chain;
};

// Nothing when a file cannot be read or is not what it should be: standard error says which.
std::optional<SigningKey> read_signing_key(const std::string& private_key,
                                           const std::string& password_file,
                                           const std::vector<std::string>& chain);

// Nobody may ever read half a file: it takes its name when it is whole.
bool write_whole(const std::string& path, const std::string& text);

}  // namespace assay::cli
