#include "provenance/git/verify.h"
#include "scanner/provenance/verifiers.h"

namespace assay {

namespace git = provenance::git;

Evidence verify_git_request(const VerifyRequest& request) {
  provenance::Checks checks;
  git::GitKeys keys;
  if (!request.openpgp_keys.empty()) {
    auto read = provenance::openpgp::parse_keys(as_bytes(request.openpgp_keys));
    if (read) {
      keys.openpgp = std::move(*read);
    } else {
      checks.fail("openpgp.parse", "the public keys: " + read.error().message);
    }
  }
  if (!request.allowed_signers.empty()) {
    auto read = provenance::sshsig::parse_allowed_signers(request.allowed_signers);
    if (read) {
      keys.ssh = std::move(*read);
    } else {
      checks.fail("sshsig.parse", "the allowed signers: " + read.error().message);
    }
  }
  std::optional<std::string> principal;
  if (request.expected) principal = request.expected->identity;
  Evidence evidence = git::verify_commit(as_bytes(request.evidence), keys, principal, request.now);
  checks.append(evidence.checks);
  evidence.checks = std::move(checks);
  return evidence;
}

}  // namespace assay
