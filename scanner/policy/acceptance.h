#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/evidence.h"
#include "scanner/policy/policy.h"

// Whether one piece of evidence is good enough for a policy.
namespace assay::policy {

// Why it is not: the code of an Objection.
struct Refusal {
  std::string_view code;
  std::string detail;
};

// The properties of SLSA evidence (Evidence::properties) that BuildRule speaks of.
inline constexpr std::string_view kBuilderProperty = "builder_id";
inline constexpr std::string_view kSourceProperty = "source_repository";
inline constexpr std::string_view kRefProperty = "source_ref";
// What it was made from: what that is called, and digests behind blanks.
inline constexpr std::array<std::string_view, 3> kDependencyProperties{"base_model", "dataset",
                                                                       "dependency"};

// Nothing when `evidence` is what `rule` asks for by `word`. For a kind that proves a
// signer, no state but "verified" will do, and the signer must be one of the rule's if
// it names any; for one that proves integrity, no failed and no missing check.
std::optional<Refusal> refuse(const provenance::Evidence& evidence, std::string_view word,
                              const ProvenanceRule& rule);

// The first denial that `evidence` falls under; null if none. A denied signer is told
// whether or not the signature holds.
const Denial* denial_of(const provenance::Evidence& evidence, const std::vector<Denial>& denials);

// Who signed, for people: escaped.
std::string shown_signer(const provenance::Evidence& evidence);

}  // namespace assay::policy
