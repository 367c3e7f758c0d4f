#pragma once

#include <optional>
#include <vector>

#include "core/evidence.h"
#include "provenance/git/clone.h"
#include "provenance/intoto/verify.h"
#include "provenance/sigstore/artifact_digests.h"
#include "provenance/sigstore/trusted_root.h"
#include "provenance/sshsig/allowed_signers.h"
#include "scanner/provenance/verification.h"

// The kinds of requests, each carried out inside the worker. A plan is what its
// verification needs.
namespace assay {

using provenance::Evidence;

std::vector<DigestNeed> plan_bundle(const VerifyRequest& request);
Evidence verify_bundle_request(const VerifyRequest& request);

std::vector<DigestNeed> plan_model(const VerifyRequest& request);
Evidence verify_model_request(const VerifyRequest& request);

// Signatures over one file that are not Sigstore's, told by their content: CMS, SSH, and
// kinds that nobody checks here.
bool is_detached(Bytes evidence);
std::vector<DigestNeed> plan_detached(const VerifyRequest& request);
Evidence verify_detached_request(const VerifyRequest& request);

std::vector<DigestNeed> plan_attestations(const VerifyRequest& request);
std::vector<Evidence> verify_attestations_request(const VerifyRequest& request);

// Of an OCI layout: every blob's digest, and the contents of manifests.
std::vector<DigestNeed> plan_oci(const VerifyRequest& request);
std::vector<Evidence> verify_oci_request(const VerifyRequest& request);

// Of listings, download records and git trees: SHA-256 and git's own of every file.
std::vector<DigestNeed> plan_work_files(const VerifyRequest& request);
// Of blobs: the one digest that the name of each is.
std::vector<DigestNeed> plan_blobs(const VerifyRequest& request);
Evidence verify_hub_request(const VerifyRequest& request);
Evidence verify_git_request(const VerifyRequest& request);

// Of clones: bytes of the store that are needed first, and once they are at hand digests
// of the files that the commit has.
void plan_clone(const VerifyRequest& request, AnalysisSink& sink);
provenance::git::CloneAnswer clone_of(const VerifyRequest& request);

// What is known of the file; raw, nothing when it was not asked for.
std::optional<provenance::ByteString> digest_of(const ObservedFile& file,
                                                const provenance::DigestRequest& request);

// All that is known of the file, under its path.
provenance::NamedArtifact artifact_of(const ObservedFile& file);

// The evidence, with checks that were made before its own.
Evidence with_first(provenance::Checks checks, Evidence evidence);

// The user's trust, read. A root or key that cannot be read is a failed check.
struct Trust {
  std::optional<provenance::TrustedRoot> root;
  std::optional<provenance::PublicKey> key;
  std::vector<provenance::ByteString> anchors;
  std::vector<provenance::ByteString> revocations;
};
Trust read_trust(const VerifyRequest& request, provenance::Checks& checks);
// How attestations are verified then. It points into `trust`.
provenance::intoto::AttestationVerification attestation_verification(const VerifyRequest& request,
                                                                     const Trust& trust);
std::vector<provenance::sshsig::AllowedSigner> read_allowed_signers(const VerifyRequest& request,
                                                                    provenance::Checks& checks);

}  // namespace assay
