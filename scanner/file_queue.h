#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "core/finding.h"
#include "rules/rule_set.h"
#include "scanner/file_source.h"
#include "scanner/provenance/observed.h"
#include "scanner/source_files.h"

namespace assay {

// How far a scan has come; read by whoever shows progress.
struct ScanProgress {
  std::atomic<std::uint64_t> files_total = 0;
  std::atomic<std::uint64_t> files_done = 0;
  std::atomic<std::uint64_t> bytes_done = 0;
};

// One opened file that is to be examined.
struct FileJob {
  std::size_t index = 0;
  std::string name;  // its path in the report
  FileDescriptor file;
  std::uint64_t size = 0;
  std::chrono::milliseconds time{};                     // what it may take
  std::vector<provenance::DigestRequest> digests = {};  // to be taken by the way
};

// What a file of `size` bytes may take if nobody says otherwise.
std::chrono::milliseconds time_for(std::uint64_t size);

// Everything that depends on one file alone.
struct Outcome {
  Artifact artifact;
  std::vector<Finding> findings;
  // Those that were asked for; none when the file was not read to its end.
  std::vector<ObservedDigests> digests = {};
};

// The files of a scan, given out one at a time to any number of threads; what
// came of each is judged by the thread that brings it. Files that cannot be
// opened, are left out or come after `stop` was raised never leave the queue.
class FileQueue {
 public:
  FileQueue(const std::vector<SourceFile>& files, const RuleSet& rules,
            std::optional<std::chrono::seconds> timeout, const std::atomic<bool>& stop,
            ScanProgress& progress, DigestNeeds needs = {});

  // Nothing when all have been given out.
  std::optional<FileJob> next();
  void finish(std::size_t index, Artifact artifact);

  bool takes_digests() const { return !needs_.empty(); }

  // After all threads are done: one outcome a file, in their order.
  std::vector<Outcome> take() { return std::move(outcomes_); }

 private:
  std::optional<FileJob> open(std::size_t index);

  const std::vector<SourceFile>& files_;
  const RuleSet& rules_;
  std::optional<std::chrono::seconds> timeout_;
  const std::atomic<bool>& stop_;
  ScanProgress& progress_;
  DigestNeeds needs_;  // by the place of each file
  std::atomic<std::size_t> next_ = 0;
  std::vector<Outcome> outcomes_;
};

}  // namespace assay
