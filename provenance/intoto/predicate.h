#pragma once

#include "provenance/evidence.h"
#include "provenance/intoto/statement.h"

namespace assay::provenance::intoto {

inline constexpr std::string_view kSlsaV1 = "https://slsa.dev/provenance/v1";
inline constexpr std::string_view kSlsaV02 = "https://slsa.dev/provenance/v0.2";
inline constexpr std::string_view kSlsaV01 = "https://slsa.dev/provenance/v0.1";

bool is_slsa(std::string_view predicate_type);

// Tells what the predicate says as properties of `evidence`, whose signer is known, and
// holds the builder that it names against the signer's certificate (slsa.builder).
void tell_predicate(const Statement& statement, Evidence& evidence);

}  // namespace assay::provenance::intoto
