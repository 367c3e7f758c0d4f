#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/sshsig/allowed_signers.h"

namespace assay::provenance::sshsig {

// For whom a key is to speak, and what for.
struct KeyUse {
  Bytes key_blob;
  std::string_view name_space;
  std::optional<std::string> principal;  // nothing: any
  std::int64_t seconds = 0;              // when
  std::string_view prefix = "sshsig";    // of the checks' names
};

// The first line of `allowed` that lets the key speak for the principal in the namespace
// at that time; null, with a failure PREFIX.key.unknown, .principal, .namespace or
// .key.expired, when there is none. Certificates are not followed.
const AllowedSigner* find_allowed(const std::vector<AllowedSigner>& allowed, const KeyUse& use,
                                  Checks& checks);

}  // namespace assay::provenance::sshsig
