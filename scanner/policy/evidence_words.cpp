#include "scanner/policy/evidence_words.h"

#include <algorithm>
#include <array>

namespace assay::policy {
namespace {

struct Word {
  std::string_view word;
  Proof proof;
};

constexpr std::array<Word, 16> kWords{{
    {kAnySignature, Proof::signer},
    {"oms", Proof::signer},
    {"sigstore-bundle", Proof::signer},
    {"slsa", Proof::signer},
    {"in-toto", Proof::signer},
    {"cms", Proof::signer},
    {"cosign", Proof::signer},
    {"sshsig", Proof::signer},
    {"git-commit", Proof::signer},
    {kAnyListing, Proof::integrity},
    {"hub-listing", Proof::integrity},
    {"hub-download", Proof::integrity},
    {"hub-cache", Proof::integrity},
    {"hub-snapshot", Proof::integrity},
    {"git-clone", Proof::integrity},
    {"oci-layout", Proof::integrity},
}};

const Word* find(std::string_view word) {
  const auto found = std::ranges::find(kWords, word, &Word::word);
  return found == kWords.end() ? nullptr : &*found;
}

}  // namespace

bool is_evidence_word(std::string_view word) { return find(word) != nullptr; }

Proof proof_of(std::string_view word) {
  const Word* found = find(word);
  return found ? found->proof : Proof::signer;
}

std::string evidence_words() {
  std::string out;
  for (const Word& word : kWords) out += (out.empty() ? "" : ", ") + std::string(word.word);
  return out;
}

bool is_of_kind(const provenance::Evidence& evidence, std::string_view word) {
  const std::string& kind = evidence.kind;
  if (word == kAnySignature) return evidence.signer.has_value() || proof_of(kind) == Proof::signer;
  if (word == kAnyListing) return is_evidence_word(kind) && proof_of(kind) == Proof::integrity;
  // A clone is its signed commit, followed down to the files.
  if (word == "git-commit") return kind == word || kind == "git-clone";
  return kind == word;
}

}  // namespace assay::policy
