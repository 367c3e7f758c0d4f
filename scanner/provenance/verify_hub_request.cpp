#include "core/text.h"
#include "provenance/git/work_file.h"
#include "provenance/hub/cache.h"
#include "provenance/hub/download.h"
#include "provenance/hub/listing.h"
#include "scanner/provenance/verifiers.h"
#include "scanner/provenance/work_files.h"

namespace assay {

using provenance::DigestRequest;
using provenance::HashKind;
namespace git = provenance::git;
namespace hub = provenance::hub;

std::vector<DigestNeed> plan_work_files(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (!request.files[i].is_file) continue;
    needs.push_back({i, {.hash = HashKind::sha256}});
    needs.push_back({i, {.hash = HashKind::sha1, .is_git_blob = true}});
  }
  return needs;
}

namespace {

// The name that says what the content should be.
std::string_view blob_name(const VerifyRequest& request, const ObservedFile& file) {
  return request.kind == EvidenceKind::hub_snapshot ? file.blob : base_name(file.path);
}

Evidence verify_blobs(const VerifyRequest& request, std::vector<git::WorkFile> files) {
  if (request.kind == EvidenceKind::hub_cache) return hub::verify_cache_blobs(files);
  std::vector<hub::SnapshotEntry> entries;
  std::vector<git::WorkFile> blobs;
  for (std::size_t i = 0; i < files.size(); ++i) {
    hub::SnapshotEntry& entry = entries.emplace_back();
    entry.path = files[i].path;
    const std::string& blob = request.files[i].blob;
    if (blob.empty()) continue;
    // Where the parent found that it leads, however it was spelled.
    entry.link_target = "../../";
    for (const char c : entry.path) *entry.link_target += c == '/' ? "../" : "";
    *entry.link_target += "blobs/" + blob;
    files[i].path = blob;
    blobs.push_back(std::move(files[i]));
  }
  return hub::verify_snapshot(entries, blobs);
}

}  // namespace

std::vector<DigestNeed> plan_blobs(const VerifyRequest& request) {
  std::vector<DigestNeed> needs;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const std::string_view name = blob_name(request, request.files[i]);
    if (!request.files[i].is_file) continue;
    if (git::is_sha256(name)) needs.push_back({i, {.hash = HashKind::sha256}});
    if (git::is_object_id(name)) {
      needs.push_back({i, {.hash = HashKind::sha1, .is_git_blob = true}});
    }
  }
  return needs;
}

std::vector<git::WorkFile> work_files_of(const VerifyRequest& request) {
  std::vector<git::WorkFile> files;
  const auto hex_of = [](const ObservedFile& file, const DigestRequest& digest) {
    const auto bytes = digest_of(file, digest);
    return bytes ? hex(*bytes) : std::string();
  };
  for (const ObservedFile& observed : request.files) {
    git::WorkFile file{.path = observed.path,
                       .size = observed.size,
                       .sha256 = hex_of(observed, {.hash = HashKind::sha256}),
                       .blob_id = hex_of(observed, {.hash = HashKind::sha1, .is_git_blob = true}),
                       .pointer = std::nullopt,
                       .link_target = std::nullopt};
    if (observed.content) file.pointer = git::parse_lfs_pointer(*observed.content);
    if (observed.link == LinkKind::outside) file.link_target = "";
    file.followed_link = observed.link == LinkKind::inside || observed.link == LinkKind::to_blob;
    files.push_back(std::move(file));
  }
  return files;
}

Evidence verify_hub_request(const VerifyRequest& request) {
  const std::vector<git::WorkFile> files = work_files_of(request);
  if (request.kind == EvidenceKind::hub_cache || request.kind == EvidenceKind::hub_snapshot) {
    return verify_blobs(request, files);
  }
  if (request.kind == EvidenceKind::hub_listing) {
    return hub::verify_listing(as_bytes(request.evidence), files);
  }
  std::vector<hub::DownloadRecord> records;
  provenance::Checks checks;
  for (const EvidencePart& part : request.parts) {
    auto record = hub::parse_download_record(part.path, part.text);
    if (record) {
      records.push_back(std::move(*record));
    } else {
      checks.fail("hub.record", escaped(part.path) + ": " + record.error().message);
    }
  }
  Evidence evidence = hub::verify_downloads(records, files);
  checks.append(evidence.checks);
  evidence.checks = std::move(checks);
  return evidence;
}

}  // namespace assay
