#pragma once

#include "scanner/provenance/verification.h"
#include "scanner/worker/codec.h"

// How a VerifyRequest is laid out between parent and worker.
namespace assay::provenance {

template <typename A>
void fields(A& archive, DigestRequest& v) {
  enumerator(archive, v.hash, HashKind::blake3);
  archive(v.is_git_blob, v.shard_size);
}

}  // namespace assay::provenance

namespace assay::provenance::git {

template <typename A>
void fields(A& archive, StoreFile& v) {
  archive(v.path, v.size);
}
template <typename A>
void fields(A& archive, StorePart& v) {
  archive(v.path, v.offset, v.bytes);
}

}  // namespace assay::provenance::git

namespace assay {

template <typename A>
void fields(A& archive, ObservedDigests& v) {
  archive(v.request, v.digests);
}
template <typename A>
void fields(A& archive, ObservedFile& v) {
  archive(v.path, v.size, v.digests, v.content);
  enumerator(archive, v.link, LinkKind::outside);
  archive(v.is_file, v.blob);
}
template <typename A>
void fields(A& archive, ExpectedIdentity& v) {
  archive(v.identity, v.issuer);
}
template <typename A>
void fields(A& archive, EvidencePart& v) {
  archive(v.path, v.text);
}
template <typename A>
void fields(A& archive, VerifyRequest& v) {
  enumerator(archive, v.kind, EvidenceKind::oci_layout);
  archive(v.only_plan, v.path, v.evidence, v.parts, v.trusted_root, v.public_key, v.anchors,
          v.revocations, v.openpgp_keys, v.allowed_signers, v.expected, v.ignore_paths,
          v.ignore_git, v.ignore_unsigned, v.strict, v.legacy, v.now, v.single_file, v.store,
          v.store_parts, v.files);
}

}  // namespace assay
