#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/trust.h"
#include "provenance/evidence.h"

namespace assay::provenance {

inline constexpr std::size_t kMaxTimestamps = 32;

// The times that `tokens` (DER of TimeStampResp, RFC 3161 §2.4.2) prove for `message`.
// The anchors are the last certificates of `authorities`; the first of such a chain is
// the one that may sign, and what a token brings along is never believed.
//   tsa.too-many       more than 32; none is looked at
//   tsa.duplicate      two are the same bytes
//   tsa.parse          not a granted response with one signer
//   tsa.signature      signed by a trusted authority's certificate, and wrong
// always fail. Four classes mean that a token does not count:
//   tsa.untrusted      by no authority that is trusted
//   tsa.imprint        over something else, or by a hash weaker than SHA-256
//   tsa.trust-window   at a time for which the authority is not trusted
//   tsa.cert-validity  at a time at which a certificate of the authority is not valid
// They are warnings; failures when `needed`, which says that there is no other proof of
// time, and none of the tokens counts.
std::vector<VerifiedTime> verify_timestamps(std::span<const ByteString> tokens, Bytes message,
                                            std::span<const Authority> authorities, bool needed,
                                            Checks& checks);

}  // namespace assay::provenance
