#include "provenance/sshsig/find_allowed.h"

#include <functional>

#include "core/text.h"

namespace assay::provenance::sshsig {
namespace {

using Candidates = std::vector<const AllowedSigner*>;

std::string quoted(std::string_view text) { return "'" + escaped(shortened(text, 200)) + "'"; }

// Those of `candidates` that `holds` for; when none is left, the check `name` failed.
Candidates narrowed(Candidates candidates, Checks& checks, const std::string& name,
                    const std::string& message,
                    const std::function<bool(const AllowedSigner&)>& holds) {
  if (candidates.empty()) return candidates;
  std::erase_if(candidates, [&](const AllowedSigner* signer) { return !holds(*signer); });
  if (candidates.empty()) {
    checks.fail(name, message);
  } else {
    checks.pass(name);
  }
  return candidates;
}

}  // namespace

const AllowedSigner* find_allowed(const std::vector<AllowedSigner>& allowed, const KeyUse& use,
                                  Checks& checks) {
  const std::string prefix(use.prefix);
  Candidates left;
  for (const AllowedSigner& signer : allowed) left.push_back(&signer);
  left =
      narrowed(std::move(left), checks, prefix + ".key.unknown",
               "the key is none of those allowed; certificates are not checked",
               [&](const AllowedSigner& signer) {
                 return !signer.cert_authority && as_text(signer.key_blob) == as_text(use.key_blob);
               });
  if (use.principal) {
    left = narrowed(std::move(left), checks, prefix + ".principal",
                    "the key does not speak for " + quoted(*use.principal),
                    [&](const AllowedSigner& signer) {
                      return matches_patterns(signer.principals, *use.principal);
                    });
  }
  left =
      narrowed(std::move(left), checks, prefix + ".namespace",
               "the key is not allowed to sign for " + quoted(use.name_space),
               [&](const AllowedSigner& signer) {
                 return !signer.namespaces || matches_patterns(*signer.namespaces, use.name_space);
               });
  left = narrowed(std::move(left), checks, prefix + ".key.expired",
                  "the key was not allowed at that time", [&](const AllowedSigner& signer) {
                    return use.seconds >= signer.valid_after.value_or(use.seconds) &&
                           use.seconds <= signer.valid_before.value_or(use.seconds);
                  });
  return left.empty() ? nullptr : left.front();
}

}  // namespace assay::provenance::sshsig
