#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "provenance/crypto/certificate.h"
#include "provenance/crypto/trust.h"
#include "provenance/evidence.h"

namespace assay::provenance {

// What the leaf must be good for.
enum class LeafUse : std::uint8_t {
  // A Fulcio certificate (Fulcio "Certificate Specification"): no CA, key usage
  // digitalSignature, extended key usage codeSigning, exactly one subject alternative
  // name that is an identity, critical when the subject is empty.
  code_signing,
  // OMS 1.0: key usage digitalSignature, or extended key usage codeSigning.
  signing,
};

inline constexpr std::size_t kMaxIntermediates = 32;

// Whether a path leads from `leaf` to the last certificate of one of `authorities`
// (RFC 5280 §6) that holds at `seconds`. `intermediates` may help, but nothing in them
// is believed; one that signed itself is left out, with a warning. The checks are
//   cert.chain  no path, a signature that does not hold, an issuer that may not issue,
//               keys or hashes below 112 bits of security (SHA-1, RSA under 2,048 bits)
//   cert.time   a certificate of the path, or the authority, not valid at `seconds`
//   cert.usage  the leaf is not good for `use`
// Returns who issued the leaf, also when only time or usage failed; a certificate for
// signing precertificates is stepped over (RFC 6962 §3.2). Nothing without a path.
std::optional<Certificate> verify_chain(const Certificate& leaf,
                                        std::span<const Certificate> intermediates,
                                        std::span<const Authority> authorities,
                                        std::int64_t seconds, LeafUse use, Checks& checks);

// The check cert.usage alone.
void check_usage(const Certificate& leaf, LeafUse use, Checks& checks);

}  // namespace assay::provenance
