#include "provenance/hub/download.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "provenance/git/name_tally.h"
#include "provenance/hub/etag.h"
#include "provenance/hub/listing.h"
#include "provenance/lines.h"

namespace assay::provenance::hub {
namespace {

class Comparison {
 public:
  explicit Comparison(const std::vector<git::WorkFile>& files) {
    for (const git::WorkFile& file : files) present_[file.path] = &file;
  }

  void run(const std::vector<DownloadRecord>& records, Evidence& evidence) {
    for (const DownloadRecord& record : records) {
      states_[record.path] = state_of(record);
      commits_.insert(record.commit);
    }
    for (const auto& [path, file] : present_) {
      if (!states_.contains(path)) states_[std::string(path)] = unrecorded(path);
    }
    for (const auto& [path, state] : states_) evidence.coverage.push_back({path, state});
    judge(evidence.checks);
    if (commits_.size() == 1) evidence.properties.emplace_back("commit", *commits_.begin());
  }

 private:
  CoverageState state_of(const DownloadRecord& record) {
    const auto found = present_.find(record.path);
    if (found == present_.end()) {
      missing_.add(record.path);
      return CoverageState::missing;
    }
    const git::WorkFile& file = *found->second;
    const EtagMatch match = match_etag(record.etag, file);
    if (match == EtagMatch::same) return CoverageState::covered;
    if (match == EtagMatch::no_digest) {
      nameless_.add(record.path);
      return CoverageState::not_covered;
    }
    if (file.pointer && file.pointer->sha256 == record.etag) {
      pointers_.add(record.path);
      return CoverageState::weights_absent;
    }
    contents_.add(record.path);
    return CoverageState::changed;
  }

  CoverageState unrecorded(std::string_view path) {
    if (is_downloaders_own(path)) return CoverageState::excluded_by_default;
    extra_.add(path);
    return CoverageState::extra;
  }

  void judge(Checks& checks) const {
    contents_.judge(checks, "hub.content", "other content than was downloaded");
    missing_.judge(checks, "hub.missing", "downloaded, but not present");
    if (!extra_.empty()) checks.warn("hub.extra", "no record of a download: " + extra_.text());
    if (!nameless_.empty()) {
      checks.warn("hub.etag", "the etag is no digest: " + nameless_.text());
    }
    if (commits_.size() > 1) {
      checks.warn("hub.revision",
                  "files of " + std::to_string(commits_.size()) + " different commits");
    }
    if (!pointers_.empty()) {
      checks.cannot("hub.pointer",
                    "the weights are absent, only a pointer to them is there: " + pointers_.text());
    }
  }

  std::map<std::string_view, const git::WorkFile*> present_;
  std::map<std::string, CoverageState, std::less<>> states_;
  std::set<std::string> commits_;
  NameTally contents_, missing_, extra_, nameless_, pointers_;
};

}  // namespace

Parsed<DownloadRecord> parse_download_record(std::string path, std::string_view text) {
  DownloadRecord record{.path = std::move(path), .commit = {}, .etag = {}};
  record.commit = take_line(text);
  record.etag = take_line(text);
  const std::string_view written = take_line(text);
  const bool is_time =
      !written.empty() && written.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (!git::is_object_id(record.commit) || record.etag.empty() || !is_time || !text.empty()) {
    return fail(ParseErrc::malformed, 0,
                "download record of '" + escaped(shortened(record.path, 200)) +
                    "': expected a commit, an etag and a time");
  }
  return record;
}

Evidence verify_downloads(const std::vector<DownloadRecord>& records,
                          const std::vector<git::WorkFile>& files) {
  Evidence evidence;
  evidence.kind = "hub-download";
  evidence.method = "etag";
  Comparison(files).run(records, evidence);
  return evidence;
}

}  // namespace assay::provenance::hub
