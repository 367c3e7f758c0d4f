#pragma once

#include "scanner/provenance/verification.h"
#include "scanner/worker/codec.h"

// How a VerifyRequest is laid out between parent and worker.
namespace assay::provenance {

template <typename A>
void fields(A& archive, DigestRequest& v) {
  enumerator(archive, v.hash, HashKind::blake2b);
  archive(v.is_git_blob, v.shard_size);
}

}  // namespace assay::provenance

namespace assay {

template <typename A>
void fields(A& archive, ObservedDigests& v) {
  archive(v.request, v.digests);
}
template <typename A>
void fields(A& archive, ObservedFile& v) {
  archive(v.path, v.size, v.digests, v.head, v.is_link);
}
template <typename A>
void fields(A& archive, ExpectedIdentity& v) {
  archive(v.identity, v.issuer);
}
template <typename A>
void fields(A& archive, VerifyRequest& v) {
  enumerator(archive, v.kind, EvidenceKind::attestation);
  archive(v.only_plan, v.path, v.evidence, v.trusted_root, v.public_key, v.anchors, v.revocations,
          v.git_keys, v.allowed_signers, v.expected, v.ignore_paths, v.ignore_git,
          v.ignore_unsigned, v.allow_links, v.strict, v.legacy, v.now, v.files, v.content);
}

}  // namespace assay
