#include "provenance/git/verify_ssh.h"

#include "core/text.h"
#include "provenance/sshsig/find_allowed.h"
#include "provenance/sshsig/signature.h"

namespace assay::provenance::git {
namespace {

using sshsig::AllowedSigner;

constexpr std::string_view kNamespace = "git";

std::string quoted(std::string_view text) { return "'" + escaped(shortened(text, 200)) + "'"; }

void report(Checks& checks, const ParseError& error) {
  if (error.code == ParseErrc::unsupported) {
    checks.cannot("sshsig.unsupported", error.message);
  } else {
    checks.fail("sshsig.parse", error.message);
  }
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
  const sshsig::KeyUse use{.key_blob = signature.key_blob,
                           .name_space = kNamespace,
                           .principal = principal,
                           .seconds = commit.committer.seconds,
                           .prefix = "git"};
  const AllowedSigner* found = sshsig::find_allowed(allowed, use, evidence.checks);
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
