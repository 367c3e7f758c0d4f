#include "provenance/hub/cache.h"

#include <algorithm>
#include <map>

#include "provenance/git/name_tally.h"
#include "provenance/hub/etag.h"

namespace assay::provenance::hub {
namespace {

Evidence new_evidence(std::string kind) {
  Evidence evidence;
  evidence.kind = std::move(kind);
  evidence.method = "etag";
  return evidence;
}

bool is_unfinished(std::string_view name) {
  return name.ends_with(".incomplete") || name.ends_with(".lock");
}

void sort_coverage(Evidence& evidence) {
  std::ranges::sort(evidence.coverage, {}, &Coverage::path);
}

class SnapshotCheck {
 public:
  explicit SnapshotCheck(const std::vector<git::WorkFile>& blobs) {
    for (const git::WorkFile& blob : blobs) blobs_[blob.path] = &blob;
  }

  CoverageState state_of(const SnapshotEntry& entry) {
    if (!entry.link_target) {
      copies_.add(entry.path);
      return CoverageState::not_covered;
    }
    const auto name = blob_of_link(entry.path, *entry.link_target);
    if (!name) {
      links_.add(entry.path);
      return CoverageState::changed;
    }
    const auto blob = blobs_.find(*name);
    if (blob == blobs_.end()) {
      missing_.add(entry.path);
      return CoverageState::missing;
    }
    return compare(entry.path, *blob->second);
  }

  void judge(Checks& checks) const {
    links_.judge(checks, "hub.link", "links that leave the blobs of their repository");
    missing_.judge(checks, "hub.missing", "links to blobs that are not there");
    contents_.judge(checks, "hub.content", "not the content that the blob's name says");
    if (!copies_.empty()) {
      checks.warn("hub.copy", "plain files, which no name vouches for: " + copies_.text());
    }
  }

 private:
  CoverageState compare(std::string_view path, const git::WorkFile& blob) {
    switch (match_etag(blob.path, blob)) {
      case EtagMatch::same:
        return CoverageState::covered;
      case EtagMatch::other:
        contents_.add(path);
        return CoverageState::changed;
      case EtagMatch::no_digest:
        break;
    }
    copies_.add(path);
    return CoverageState::not_covered;
  }

  std::map<std::string_view, const git::WorkFile*> blobs_;
  NameTally links_, missing_, contents_, copies_;
};

}  // namespace

Evidence verify_cache_blobs(const std::vector<git::WorkFile>& blobs) {
  Evidence evidence = new_evidence("hub-cache");
  NameTally changed;
  NameTally nameless;
  for (const git::WorkFile& blob : blobs) {
    CoverageState state = CoverageState::excluded_by_default;
    if (!is_unfinished(blob.path)) {
      const EtagMatch match = match_etag(blob.path, blob);
      if (match == EtagMatch::other) changed.add(blob.path);
      if (match == EtagMatch::no_digest) nameless.add(blob.path);
      state = match == EtagMatch::same    ? CoverageState::covered
              : match == EtagMatch::other ? CoverageState::changed
                                          : CoverageState::not_covered;
    }
    evidence.coverage.push_back({blob.path, state});
  }
  changed.judge(evidence.checks, "hub.content", "not the content that the blob's name says");
  if (!nameless.empty()) {
    evidence.checks.warn("hub.etag", "names that are no digest: " + nameless.text());
  }
  sort_coverage(evidence);
  return evidence;
}

std::optional<std::string> blob_of_link(std::string_view path, std::string_view link_target) {
  // snapshots/COMMIT/a/b.bin -> ../../../blobs/ETAG: one step up for each folder.
  const auto folders = std::ranges::count(path, '/');
  std::string up = "../../";
  for (auto i = folders; i > 0; --i) up += "../";
  up += "blobs/";
  if (!link_target.starts_with(up)) return std::nullopt;
  const std::string_view name = link_target.substr(up.size());
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(name);
}

Evidence verify_snapshot(const std::vector<SnapshotEntry>& entries,
                         const std::vector<git::WorkFile>& blobs) {
  Evidence evidence = new_evidence("hub-snapshot");
  SnapshotCheck check(blobs);
  for (const SnapshotEntry& entry : entries) {
    evidence.coverage.push_back({entry.path, check.state_of(entry)});
  }
  check.judge(evidence.checks);
  sort_coverage(evidence);
  return evidence;
}

}  // namespace assay::provenance::hub
