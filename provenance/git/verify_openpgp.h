#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/git/commit.h"
#include "provenance/openpgp/key.h"

namespace assay::provenance::git {

// The part of verify_commit that is about OpenPGP signatures.
void verify_openpgp(const Commit& commit, const std::vector<openpgp::OpenPgpKey>& keys,
                    const std::optional<std::string>& principal, std::int64_t now,
                    Evidence& evidence);

}  // namespace assay::provenance::git
