#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "provenance/crypto/public_key.h"
#include "provenance/evidence.h"
#include "provenance/intoto/statement.h"
#include "provenance/sigstore/trusted_root.h"
#include "provenance/sigstore/verify.h"

// Signed statements about files: where they were built and from what, how they were
// tested (in-toto Attestation Framework, SLSA).
namespace assay::provenance::intoto {

// A file that a statement may be about.
struct AttestedFile {
  std::string path;
  std::map<HashKind, ByteString> digests;
};

// As for a signed model: a key, anchors or an identity, or none of them.
struct AttestationVerification {
  std::optional<PublicKey> key;
  std::vector<ByteString> anchors;  // DER
  std::int64_t seconds = 0;         // the time at which a chain must hold
  const TrustedRoot* root = nullptr;
  std::optional<IdentityPolicy> identity;
  bool strict = false;
};

// No file of attestations is read beyond that many of them.
inline constexpr std::size_t kMaxAttestations = 1000;

// The attestations in a document: itself, or each line of JSON Lines.
std::vector<Bytes> split_attestations(Bytes document);

// The statement of a bundle or a bare envelope about which nothing is known yet, to find
// out what to hash. Nothing when it cannot be read; verify_attestation() says why.
std::optional<Statement> unverified_statement(Bytes attestation);

// Hashes by which the subjects name files, of those that can be compared.
std::vector<HashKind> hashes_of(const Statement& statement);

// Evidence of kind "slsa" for provenance, else "in-toto". A Sigstore bundle, or a bare
// DSSE envelope, which only a given key can verify. Classes besides those of bundles and
// of signed models:
//   envelope.parse
//   artifact.digest   no file is what the statement is about, or one of its name is not
//   slsa.builder      the builder that the statement names is not who signed
//   slsa.parse        (warned) members of the predicate that are not of their type
// Files that the statement is about are covered or changed; of others it says nothing.
// Properties: predicate_type; of provenance builder_id (told only where it is the signer's
// or the signer was asked for), build_type, source, source_ref, source_digest,
// invocation_id, started_on, finished_on, and one "material" for each dependency; of a
// verification summary and of test results "verifier" and "result".
Evidence verify_attestation(Bytes attestation, const std::vector<AttestedFile>& files,
                            const AttestationVerification& how);

}  // namespace assay::provenance::intoto
