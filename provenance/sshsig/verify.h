#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "provenance/evidence.h"
#include "provenance/sigstore/artifact_digests.h"
#include "provenance/sshsig/allowed_signers.h"

// Signatures of `ssh-keygen -Y sign` over one file ("model.bin.sig").
namespace assay::provenance::sshsig {

// Whom the verifier asks for. Without allowed signers the key is told and not believed.
struct FileVerification {
  std::vector<AllowedSigner> allowed;
  std::optional<std::string> principal;
  std::int64_t seconds = 0;         // now: the signature itself holds no time
  std::string name_space = "file";  // what it must have been made for
};

// Evidence of kind "sshsig", method "ssh". What is signed is a digest, so that the file
// itself is not needed. Classes, besides those of `find_allowed`:
//   sshsig.parse, sshsig.unsupported (unknown)
//   sshsig.namespace  made for something else than files
//   artifact.digest   (unknown) the signed digest is not known of the file
//   signature         not over this file, or not by the key in it
// Properties: namespace, digest_algorithm, key_id (the key's fingerprint).
Evidence verify_file(Bytes signature, const NamedArtifact& file, const FileVerification& how);

// Whether the document is one, as far as its first line tells.
bool is_ssh_signature(Bytes document);

// The digest of the file that verification will ask for; nothing for what does not parse.
std::optional<HashKind> digest_needed(Bytes signature);

}  // namespace assay::provenance::sshsig
