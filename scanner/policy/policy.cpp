#include "scanner/policy/policy.h"

#include <algorithm>

#include "scanner/policy/glob.h"

extern "C" {
extern const char assay_policy_template[];
extern const char assay_policy_template_end[];
}

namespace assay::policy {

std::string_view policy_template() {
  return {assay_policy_template,
          static_cast<std::size_t>(assay_policy_template_end - assay_policy_template)};
}

bool concerns_repository(const ProvenanceRule& rule, const std::optional<std::string>& repository) {
  if (rule.repositories.empty() || !repository) return true;
  return std::ranges::any_of(rule.repositories, [&](const std::string& pattern) {
    return glob_matches(pattern, *repository, Plain::whole);
  });
}

KnownSigners known_signers(const Policy& policy, const std::optional<std::string>& repository) {
  KnownSigners known;
  const auto add = [](std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) list.push_back(text);
  };
  for (const ProvenanceRule& rule : policy.provenance) {
    if (!concerns_repository(rule, repository)) continue;
    for (const SignerRule& signer : rule.signers) {
      if (!signer.issuer.empty()) known.identities.push_back({signer.identity, signer.issuer});
      add(known.fingerprints, signer.fingerprint);
      add(signer.key_file.empty() ? known.anchors : known.keys, signer.pem);
    }
  }
  return known;
}

}  // namespace assay::policy
