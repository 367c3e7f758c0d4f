#include "provenance/sigstore/artifact_digests.h"

namespace assay::provenance {

std::optional<ByteString> ArtifactDigests::digest(HashKind kind) const {
  if (const auto found = digests.find(kind); found != digests.end()) return found->second;
  if (content) return digest_of(kind, *content);
  return std::nullopt;
}

std::optional<HashKind> sha2_of(std::string_view name) {
  if (name == "sha256" || name == "SHA2_256") return HashKind::sha256;
  if (name == "sha384" || name == "SHA2_384") return HashKind::sha384;
  if (name == "sha512" || name == "SHA2_512") return HashKind::sha512;
  return std::nullopt;
}

}  // namespace assay::provenance
