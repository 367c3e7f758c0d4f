#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "provenance/base64.h"
#include "provenance/crypto/public_key.h"

namespace assay::provenance {

// What is known of the artifact that a signature should be over.
struct ArtifactDigests {
  std::map<HashKind, ByteString> digests;
  std::optional<Bytes> content;  // Ed25519 signs the bytes and no digest of them

  // Given, or computed from the content; nothing when neither is there.
  std::optional<ByteString> digest(HashKind kind) const;
};

// One of many files that evidence may be about.
struct NamedArtifact {
  std::string path;  // relative to the model, '/' between components
  ArtifactDigests digests;
  std::string git_commit;  // of a repository: the commit that is checked out, in hex
};

// "sha256", "SHA2_256" and so on for SHA-256, SHA-384 and SHA-512.
std::optional<HashKind> sha2_of(std::string_view name);

}  // namespace assay::provenance
