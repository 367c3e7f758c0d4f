#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/git/commit.h"
#include "provenance/sshsig/allowed_signers.h"

namespace assay::provenance::git {

// The part of verify_commit that is about SSH signatures.
void verify_ssh(const Commit& commit, const std::vector<sshsig::AllowedSigner>& allowed,
                const std::optional<std::string>& principal, Evidence& evidence);

}  // namespace assay::provenance::git
