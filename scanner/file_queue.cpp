#include "scanner/file_queue.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "scanner/judging.h"
#include "scanner/log.h"
#include "scanner/provenance/digesting.h"

namespace assay {

// A base, and what the slowest parser needs for its bytes. A hole of any size
// costs nothing to make.
std::chrono::milliseconds time_for(std::uint64_t size) {
  constexpr std::uint64_t kBytesPerSecond = 20'000'000;
  constexpr std::uint64_t kMost = 4 * 3600;
  return std::chrono::seconds(std::min(120 + size / kBytesPerSecond, kMost));
}

namespace {

std::uint64_t size_of(const FileDescriptor& file) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return 0;
  return static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
}

Artifact unread(const std::string& path) {
  Artifact artifact;
  artifact.path = path;
  artifact.format = "unknown";
  return artifact;
}

// The digests that were asked for leave the facts.
std::vector<ObservedDigests> take_digests(const std::vector<provenance::DigestRequest>& requests,
                                          std::vector<Fact>& facts) {
  DigestCollector collector(requests.size());
  const auto told = std::erase_if(facts, [&](const Fact& fact) { return collector.take(fact); });
  std::vector<ObservedDigests> digests;
  if (told == 0) return digests;
  const auto all = std::move(collector).digests();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    digests.push_back({requests[i], std::string(as_text(all[i]))});
  }
  return digests;
}

Artifact failed(const std::string& path, ParseError error) {
  Artifact artifact = unread(path);
  artifact.gaps.push_back({path, error.code, std::move(error.message), error.offset});
  return artifact;
}

}  // namespace

FileQueue::FileQueue(const std::vector<SourceFile>& files, const RuleSet& rules,
                     std::optional<std::chrono::seconds> timeout, const std::atomic<bool>& stop,
                     ScanProgress& progress, DigestNeeds needs)
    : files_(files),
      rules_(rules),
      timeout_(timeout),
      stop_(stop),
      progress_(progress),
      needs_(std::move(needs)),
      outcomes_(files.size()) {
  progress_.files_total = files.size();
}

std::optional<FileJob> FileQueue::next() {
  for (std::size_t index = next_++; index < files_.size(); index = next_++) {
    if (auto job = open(index)) return job;
  }
  return std::nullopt;
}

std::optional<FileJob> FileQueue::open(std::size_t index) {
  const SourceFile& file = files_[index];
  const std::string& path = file.report_path;
  if (file.left_out) {
    Artifact artifact = unread(path);
    artifact.left_out = true;
    finish(index, std::move(artifact));
    return std::nullopt;
  }
  std::optional<ParseError> problem = file.problem;
  if (!problem && stop_) problem = {ParseErrc::timeout, 0, "interrupted before it was read"};
  if (!problem) {
    auto opened = file.is_stdin ? spool_stdin() : open_file(file);
    if (opened) {
      const std::uint64_t size = size_of(*opened);
      const auto needed = needs_.find(index);
      return FileJob{
          index,
          path,
          std::move(*opened),
          size,
          timeout_ ? std::chrono::milliseconds(*timeout_) : time_for(size),
          needed == needs_.end() ? std::vector<provenance::DigestRequest>{} : needed->second};
    }
    problem = opened.error();
  }
  finish(index, failed(path, std::move(*problem)));
  return std::nullopt;
}

void FileQueue::finish(std::size_t index, Artifact artifact) {
  Outcome& outcome = outcomes_[index];
  outcome.artifact = std::move(artifact);
  if (const auto needed = needs_.find(index); needed != needs_.end()) {
    outcome.digests = take_digests(needed->second, outcome.artifact.facts);
  }
  log::debug(outcome.artifact.path + ": " + outcome.artifact.format + ", " +
             std::to_string(outcome.artifact.size) + " bytes, " +
             std::to_string(outcome.artifact.facts.size()) + " facts");
  outcome.findings = judge_file(outcome.artifact, rules_);
  progress_.bytes_done += outcome.artifact.size;
  ++progress_.files_done;
}

}  // namespace assay
