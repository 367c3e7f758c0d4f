#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/fact.h"
#include "provenance/crypto/hasher.h"
#include "provenance/git/git_files.h"
#include "scanner/analysis_sink.h"
#include "scanner/file_source.h"
#include "scanner/provenance/observed.h"
#include "scanner/source_files.h"

// What a worker is asked to verify. The keys, roots and policy in it are the
// user's; all other bytes are untrusted, and only the worker parses them.
namespace assay {

enum class EvidenceKind : std::uint8_t {
  bundle,         // a Sigstore bundle over one artifact
  model,          // OpenSSF Model Signing over a directory or a file
  hub_listing,    // the Hub's answer as its downloader keeps it
  hub_downloads,  // what the downloader noted of each file; the parts
  git_commit,     // a commit object
  git_clone,      // a clone, from its commit down to its files
  hub_cache,      // blobs of the downloader's cache, by their names
  hub_snapshot,   // a folder of links into such blobs
  attestations,   // in-toto statements about files of a folder; models' signatures too
  oci_layout,     // an image layout and the signatures in it; the parts are its own files
};

// A file that is there.
struct ObservedFile {
  std::string path;  // relative to the model
  std::uint64_t size = 0;
  std::vector<ObservedDigests> digests;
  std::optional<std::string> content;  // of a small file
  LinkKind link = LinkKind::none;
  std::string blob;     // the name of what a link to_blob leads to
  bool is_file = true;  // can be opened and read
};

// What verification needs of a file: a digest, or its whole content.
struct DigestNeed {
  std::size_t file = 0;  // in VerifyRequest::files
  provenance::DigestRequest request;
  bool content = false;
};

// Who is expected to have signed.
struct ExpectedIdentity {
  std::string identity;
  std::string issuer;
};

// A file of evidence that consists of several.
struct EvidencePart {
  std::string path;  // of the file it is about
  std::string text;
};

// What a worker needs before it can go on: bytes of a clone's `.git`.
using StoreNeed = provenance::git::StoreNeed;

struct VerifyRequest {
  EvidenceKind kind = EvidenceKind::bundle;
  bool only_plan = false;  // tell instead which digests are needed
  std::string path;        // of the evidence, relative to the model
  std::string evidence;    // its bytes
  std::vector<EvidencePart> parts;
  std::string trusted_root;     // JSON; empty: the built-in one
  std::string public_key;       // PEM; empty: none
  std::string anchors;          // PEM of certificates; empty: none
  std::string revocations;      // PEM of CRLs
  std::string openpgp_keys;     // armoured
  std::string allowed_signers;  // OpenSSH's file
  std::optional<ExpectedIdentity> expected;
  std::vector<std::string> ignore_paths;
  bool ignore_git = true;
  bool ignore_unsigned = false;
  bool strict = false;
  bool legacy = false;                            // take forms that only old tools wrote
  std::int64_t now = 0;                           // seconds since 1970
  std::vector<provenance::git::StoreFile> store;  // what lies below `.git`
  std::vector<provenance::git::StorePart> store_parts;
  bool single_file = false;  // the model is a file
  std::vector<ObservedFile> files;
};

// As it travels in a memory file.
Parsed<FileDescriptor> send_request(const VerifyRequest& request);

// Reads the request that `fd` holds and tells `sink` what came of it: one Evidence
// fact for each signature, or for a plan one fact for each need.
void verify_file(const std::string& name, FileDescriptor fd, AnalysisSink& sink);

// A need as a fact, and back. The fact is untrusted: nothing for one that names no
// file of `files`, or shards of which the file would have more than kMaxShards.
Fact fact_of(const DigestNeed& need);
std::optional<DigestNeed> need_of(const Fact& fact, const std::vector<ObservedFile>& files);
// The same for bytes of a clone's store.
Fact fact_of(const StoreNeed& need);
std::optional<StoreNeed> store_need_of(const Fact& fact);
inline constexpr std::uint64_t kMaxShards = 4'000'000;
// A whole content is taken along up to this size.
inline constexpr std::uint64_t kMaxContentSize = 1U << 20;

}  // namespace assay
