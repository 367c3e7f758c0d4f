#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/openpgp/key.h"
#include "provenance/sshsig/allowed_signers.h"

namespace assay::provenance::git {

// The keys that a verifier believes in.
struct GitKeys {
  std::vector<openpgp::OpenPgpKey> openpgp;
  std::vector<sshsig::AllowedSigner> ssh;
};

// Checks the signature that a commit object carries. Kind "git-commit", method "openpgp"
// or "ssh". `principal` is who must have signed: for SSH as the allowed signers name
// them, for OpenPGP a user id, the mail address in one, or a fingerprint. `now` (seconds
// since 1970) bounds when it can have been signed. Classes:
//   git.commit.parse  no commit, or one that two readers could read in two ways
//   git.unsigned      carries no signature: neither good nor bad
//   git.method        signed by a method that is not checked (X.509)
//   git.signature     the signature is not over this commit
//   git.key.unknown   the key is not among the given ones
//   git.key.expired, git.key.revoked   not to be used when the commit was made
//   git.namespace     an SSH signature made for, or a key allowed for, something else
//   git.principal     another signer than the one asked for
//   git.signature.expired, git.time   signed for a time that is over, or in the future
//   sshsig.parse, sshsig.unsupported, openpgp.parse, openpgp.unsupported
//   openpgp.weak      the hash is one that collisions are made for
//   openpgp.key-flags, openpgp.binding  the key may not sign, or the subkey is not its key's
//   openpgp.self-signature  nothing says how long the key is good and what for
//   openpgp.unhashed  warned: words in the signature that it does not cover
// SSH keys are judged at the committer's time, as git does it; OpenPGP keys at the time
// the signature says it was made. Either is what the signer says, vouched for by nobody.
Evidence verify_commit(Bytes object, const GitKeys& keys,
                       const std::optional<std::string>& principal, std::int64_t now);

}  // namespace assay::provenance::git
