#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "provenance/crypto/hasher.h"
#include "scanner/analysis_sink.h"
#include "scanner/file_source.h"

// What a worker is asked to verify. The keys, roots and policy in it are the
// user's; all other bytes are untrusted, and only the worker parses them.
namespace assay {

enum class EvidenceKind : std::uint8_t {
  bundle,       // a Sigstore bundle over one artifact
  model,        // OpenSSF Model Signing over a directory or a file
  hub_listing,  // the Hub's answer as its downloader keeps it
  git_commit,   // a commit object, and the work tree below it
  attestation,  // in-toto statements in bundles, one a line
};

// The digests of one file that were asked for, all of a request in a row.
struct ObservedDigests {
  provenance::DigestRequest request;
  std::string digests;  // raw
};

// A file that is there.
struct ObservedFile {
  std::string path;  // relative to the model
  std::uint64_t size = 0;
  std::vector<ObservedDigests> digests;
  std::string head;  // the whole content, where it is small enough for a pointer
  bool is_link = false;
};

// Who is expected to have signed.
struct ExpectedIdentity {
  std::string identity;
  std::string issuer;
};

struct VerifyRequest {
  EvidenceKind kind = EvidenceKind::bundle;
  bool only_plan = false;       // tell which digests are needed instead: PlanFacts
  std::string path;             // of the evidence, relative to the model
  std::string evidence;         // its bytes
  std::string trusted_root;     // JSON; empty: the built-in one
  std::string public_key;       // PEM; empty: none
  std::string anchors;          // PEM of certificates; empty: none
  std::string revocations;      // PEM of CRLs
  std::string git_keys;         // OpenPGP public keys, armoured
  std::string allowed_signers;  // OpenSSH's file
  std::optional<ExpectedIdentity> expected;
  std::vector<std::string> ignore_paths;
  bool ignore_git = true;
  bool ignore_unsigned = false;
  bool allow_links = false;
  bool strict = false;
  bool legacy = false;   // forms that only old tools wrote
  std::int64_t now = 0;  // seconds since 1970
  std::vector<ObservedFile> files;
  std::optional<std::string> content;  // of the one artifact, where it is small
};

// As it travels in a memory file.
Parsed<FileDescriptor> send_request(const VerifyRequest& request);

// Reads the request that `fd` holds and tells `sink` what came of it: one Evidence
// fact for each signature, or for a plan one Metadata fact "needs" for each digest
// (value: hash, "blob" or "file", shard size, parted by spaces) and "needs-content".
void verify_file(const std::string& name, FileDescriptor fd, AnalysisSink& sink);

}  // namespace assay
