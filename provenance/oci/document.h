#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"
#include "provenance/crypto/public_key.h"

// Manifests and indexes as they are written (OCI Image Format Specification 1.1,
// "Content Descriptors", "Image Manifest", "Image Index"; Docker's before them).
namespace assay::provenance::oci {

using Annotations = std::vector<std::pair<std::string, std::string>>;

// A pointer to content. The digest is "sha256:" or "sha512:" and lower-case hex.
struct Descriptor {
  std::string media_type;
  std::string artifact_type;
  std::string digest;
  std::uint64_t size = 0;
  Annotations annotations;

  // Null when there is none of that name.
  const std::string* annotation(std::string_view name) const;
};

// A manifest or an index.
struct Document {
  bool is_index = false;
  std::string media_type;     // as it says itself; may be empty
  std::string artifact_type;  // its own, else the media type of its configuration
  std::optional<Descriptor> config;
  std::vector<Descriptor> children;  // the layers, or the manifests of an index
  std::optional<Descriptor> subject;
};

inline constexpr std::uint64_t kMaxDocumentSize = 4U << 20;

// `malformed`: neither, or both (a document with layers and manifests is read as one of
// them by some and as the other by others), a descriptor without its required members.
// `unsupported`: a digest by another algorithm.
Parsed<Document> parse_document(Bytes json);

// Whether a descriptor of that media type points at a manifest or an index.
bool is_document_type(std::string_view media_type);
bool is_index_type(std::string_view media_type);

// What the artifact is, by its type: "modelpack", "kitops", "docker-model",
// "container-image", "sigstore-bundle", "cosign-signature"; empty for others.
std::string_view artifact_kind(std::string_view artifact_type);

// "sha256:HEX" for "blobs/sha256/HEX", where HEX is of the right length and lower-case.
std::optional<std::string> blob_name(std::string_view path);
std::string blob_path(std::string_view digest);
// Of a digest or blob name that parsed.
HashKind hash_of(std::string_view digest);

}  // namespace assay::provenance::oci
