#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/trust.h"
#include "provenance/evidence.h"

namespace assay::provenance {

// Whom a verifier of Sigstore bundles believes (sigstore_trustroot.proto).
struct TrustedRoot {
  std::string media_type;
  std::vector<LogKey> tlogs;   // transparency logs
  std::vector<LogKey> ctlogs;  // certificate transparency logs
  std::vector<Authority> certificate_authorities;
  std::vector<Authority> timestamp_authorities;
};

inline constexpr std::uint64_t kMaxTrustedRootSize = 4U << 20;

// Without a root, `checks` has a failure trustroot.parse. A log whose key cannot be
// read is left out with a warning of that name: nothing it says will count. A log or
// authority without the start of its validity is malformed, not valid for ever.
std::optional<TrustedRoot> parse_trusted_root(Bytes document, Checks& checks);

}  // namespace assay::provenance
