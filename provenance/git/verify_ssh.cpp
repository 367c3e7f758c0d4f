#include "provenance/git/verify_ssh.h"

#include <functional>

#include "core/text.h"
#include "provenance/sshsig/signature.h"

namespace assay::provenance::git {
namespace {

using sshsig::AllowedSigner;
using Candidates = std::vector<const AllowedSigner*>;

constexpr std::string_view kNamespace = "git";

std::string quoted(std::string_view text) { return "'" + escaped(shortened(text, 200)) + "'"; }

void report(Checks& checks, const ParseError& error) {
  if (error.code == ParseErrc::unsupported) {
    checks.cannot("sshsig.unsupported", error.message);
  } else {
    checks.fail("sshsig.parse", error.message);
  }
}

// Those of `candidates` that `holds` for; when none is left, the check `name` failed.
Candidates narrowed(Candidates candidates, Checks& checks, std::string_view name,
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

// The first line that lets the key speak for the principal, for git, at that time.
const AllowedSigner* find_allowed(const std::vector<AllowedSigner>& allowed, Bytes key_blob,
                                  const std::optional<std::string>& principal, std::int64_t seconds,
                                  Checks& checks) {
  Candidates left;
  for (const AllowedSigner& signer : allowed) left.push_back(&signer);
  left = narrowed(std::move(left), checks, "git.key.unknown",
                  "the key is none of those allowed; certificates are not checked",
                  [&](const AllowedSigner& signer) {
                    return !signer.cert_authority && as_text(signer.key_blob) == as_text(key_blob);
                  });
  if (principal) {
    left = narrowed(std::move(left), checks, "git.principal",
                    "the key does not speak for " + quoted(*principal),
                    [&](const AllowedSigner& signer) {
                      return sshsig::matches_patterns(signer.principals, *principal);
                    });
  }
  left = narrowed(std::move(left), checks, "git.namespace",
                  "the key is not allowed to sign for git", [](const AllowedSigner& signer) {
                    return !signer.namespaces ||
                           sshsig::matches_patterns(*signer.namespaces, kNamespace);
                  });
  left = narrowed(std::move(left), checks, "git.key.expired",
                  "the key was not allowed when the commit was made",
                  [&](const AllowedSigner& signer) {
                    return seconds >= signer.valid_after.value_or(seconds) &&
                           seconds <= signer.valid_before.value_or(seconds);
                  });
  return left.empty() ? nullptr : left.front();
}

Signer signer_of(const sshsig::SshKey& key, Bytes blob) {
  Signer signer;
  signer.fingerprint = key.key.fingerprint();
  signer.claims.emplace_back("ssh_fingerprint", sshsig::fingerprint_of(blob));
  signer.claims.emplace_back("key_type", key.type);
  return signer;
}

// Whether the signature is the key's own over the commit, whoever owns the key.
bool check_signature(const Commit& commit, const sshsig::Signature& signature,
                     const sshsig::SshKey& key, Checks& checks) {
  const auto good = sshsig::verify(signature, key, commit.payload);
  if (!good) {
    report(checks, good.error());
    return false;
  }
  if (!*good) {
    checks.fail("git.signature", "the signature is not over this commit");
    return false;
  }
  checks.pass("git.signature");
  return true;
}

void check_namespace(const sshsig::Signature& signature, Checks& checks) {
  if (signature.name_space == kNamespace) {
    checks.pass("git.namespace");
  } else {
    checks.fail("git.namespace", "signed for " + quoted(signature.name_space) + ", not for git");
  }
}

void check_signer(const Commit& commit, const sshsig::Signature& signature,
                  const std::vector<AllowedSigner>& allowed,
                  const std::optional<std::string>& principal, Evidence& evidence) {
  if (allowed.empty()) {
    if (principal) evidence.checks.cannot("git.principal", "no allowed signers were given");
    return;
  }
  const AllowedSigner* found = find_allowed(allowed, signature.key_blob, principal,
                                            commit.committer.seconds, evidence.checks);
  if (!found || !evidence.signer) return;
  evidence.signer->identity = principal.value_or(found->principals);
  evidence.signer_checked = true;
}

}  // namespace

void verify_ssh(const Commit& commit, const std::vector<AllowedSigner>& allowed,
                const std::optional<std::string>& principal, Evidence& evidence) {
  evidence.method = "ssh";
  const auto blob = sshsig::parse_armor(*commit.signature);
  const auto signature = blob ? sshsig::parse_signature(*blob) : std::unexpected(blob.error());
  if (!signature) return report(evidence.checks, signature.error());
  evidence.checks.pass("sshsig.parse");
  check_namespace(*signature, evidence.checks);
  const auto key = sshsig::parse_key(signature->key_blob);
  if (!key) {
    report(evidence.checks, key.error());
  } else if (check_signature(commit, *signature, *key, evidence.checks)) {
    evidence.signer = signer_of(*key, signature->key_blob);
  }
  check_signer(commit, *signature, allowed, principal, evidence);
}

}  // namespace assay::provenance::git
