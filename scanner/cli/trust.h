#pragma once

#include <optional>
#include <string>

#include "scanner/cli/arguments.h"
#include "scanner/provenance/verification.h"

namespace assay::cli {

// The user's keys, roots and expectations as a request without evidence. Nothing when
// a file of them cannot be read; that has been said then.
// Splits what `scan --require-signature` takes at its last "@": an identity may hold
// some itself. Nothing when a side is empty.
std::optional<ExpectedIdentity> required_signer(std::string_view text);

std::optional<VerifyRequest> trust_of(const TrustOptions& options);

// The content of a file that the user named; nothing, and a complaint, when it cannot
// be read or has more than `limit` bytes.
std::optional<std::string> read_named(const std::string& name, std::size_t limit);

// Seconds since 1970, or SOURCE_DATE_EPOCH where that is set.
std::int64_t current_seconds();

}  // namespace assay::cli
