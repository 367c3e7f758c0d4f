#pragma once

#include <string>
#include <string_view>

#include "core/evidence.h"

// The words that a policy uses for kinds of evidence (Evidence::kind, and two more).
namespace assay::policy {

// What a kind of evidence can prove.
enum class Proof : std::uint8_t {
  signer,     // who vouches for the content: only "verified" evidence counts
  integrity,  // that the content is what was once listed: never who made it
};

inline constexpr std::string_view kAnySignature = "signature";
inline constexpr std::string_view kAnyListing = "listing";

bool is_evidence_word(std::string_view word);
Proof proof_of(std::string_view word);
// All words, for messages.
std::string evidence_words();

// Whether `evidence` is of the kind that `word` asks for, however far it holds.
bool is_of_kind(const provenance::Evidence& evidence, std::string_view word);

}  // namespace assay::policy
