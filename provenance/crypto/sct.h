#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/crypto/certificate.h"
#include "provenance/crypto/trust.h"
#include "provenance/evidence.h"

namespace assay::provenance {

// What a certificate transparency log promised (RFC 6962 §3.2): the fields point into
// the list they were read from.
struct SignedCertificateTimestamp {
  Bytes log_id;                    // 32 bytes
  std::uint64_t milliseconds = 0;  // since 1970-01-01T00:00:00Z
  Bytes extensions;
  std::uint8_t hash_algorithm = 0;       // RFC 5246 §7.4.1.4.1; 4 is SHA-256
  std::uint8_t signature_algorithm = 0;  // 1 is RSA, 3 ECDSA
  Bytes signature;
};

inline constexpr std::size_t kMaxScts = 32;

// The SignedCertificateTimestampList of RFC 6962 §3.3, nothing behind it. Timestamps
// of other versions than v1 are left out, as nobody can say what they mean.
Parsed<std::vector<SignedCertificateTimestamp>> parse_scts(Bytes list);

// Whether a log that is trusted has promised to show `leaf`. `issuer` is the one that
// verify_chain returns. The checks are
//   sct.missing    the certificate holds no promise
//   sct.signature  none is by a trusted log, at a time it is trusted for, and holds
void verify_scts(const Certificate& leaf, const Certificate& issuer, std::span<const LogKey> logs,
                 Checks& checks);

}  // namespace assay::provenance
