#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "provenance/base64.h"
#include "provenance/evidence.h"
#include "provenance/intoto/verify.h"

// An OCI image layout on disk (OCI Image Format Specification 1.1, "Image Layout"): is it
// whole, and who signed what in it.
namespace assay::provenance::oci {

// One file below "blobs/".
struct BlobFile {
  std::string path;  // relative to the layout: "blobs/sha256/HEX"
  std::uint64_t size = 0;
  // By the algorithm in the path (`hash_of(*blob_name(path))`); empty: not computed.
  ByteString digest;
  std::optional<Bytes> content;  // where it was asked for
};

struct LayoutFiles {
  std::optional<Bytes> marker;  // "oci-layout"
  std::optional<Bytes> index;   // "index.json"
  std::vector<BlobFile> blobs;
};

inline constexpr std::size_t kMaxDocuments = 2'000;
inline constexpr std::size_t kMaxDescriptors = 100'000;
inline constexpr std::uint64_t kMaxContentSize = 64U << 20;  // of all that is asked for
inline constexpr std::size_t kMaxSignatures = 128;
inline constexpr std::size_t kMaxIndexDepth = 8;

// One round of verification. `needed` are paths of blobs whose content is wanted next;
// then call again with those contents added to the same files. While it is not empty
// there is no evidence.
struct LayoutResult {
  std::vector<std::string> needed;
  std::vector<Evidence> evidence;
};

// At most kMaxIndexDepth + 3 rounds. The first evidence is of kind "oci-layout", method
// "digest": every blob that the index leads to is there and is what its name says. It
// says nothing about who made it. Classes of failure:
//   oci.layout      no marker, or no index.json; unknown: of another version
//   oci.parse       index.json or a manifest is none
//   oci.media-type  a manifest is another kind of document than its descriptor says
//   oci.digest      a blob is not what its name says; unknown: it was not hashed
//   oci.size        a blob has another size than a descriptor says
//   oci.missing     (unknown) a blob is absent; another store may have it
//   oci.count       (unknown) more, or larger, than is looked at
//   oci.extra       (warned) a blob that nothing leads to, or a file that is no blob
//   oci.unsigned    (warned) where some of what the index leads to is signed, the rest is not,
//                   or not by a signature that holds
//   oci.tag         (warned) two manifests bear one name
// Then one for each signature, of kind "cosign", or of those of `verify_attestation`. The
// coverage of each is what the signed manifest leads to; index.json and what the
// signature itself is made of, as far as that is JSON, are excluded by default. Classes, besides those of
// `verify_bundle` and `verify_attestations`:
//   cosign.payload  the payload is not one of cosign's ("simple signing")
//   cosign.parse    an annotation of the signature does not parse
//   artifact.digest the signed digest is not that of the manifest it is attached to;
//                   unknown: the signed manifest is not in the layout
//   oci.*           as above, of what is signed
// cosign's older form has no inclusion proof: tlog.inclusion.missing is a warning there.
LayoutResult verify_layout(const LayoutFiles& files, const intoto::AttestationVerification& how);

}  // namespace assay::provenance::oci
