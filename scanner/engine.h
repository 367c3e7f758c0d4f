#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/budget.h"
#include "core/scan_result.h"
#include "rules/rule_set.h"
#include "rules/yara/yara_scanner.h"
#include "scanner/source_files.h"
#include "scanner/verdict.h"
#include "scanner/watchdog.h"

namespace assay {

struct ScanOptions {
  Limits limits;  // for each file
  unsigned jobs = 1;
  std::optional<std::chrono::seconds> timeout;  // for each file; by its size if not given
  bool hash = true;
  VerdictOptions verdict;
};

// How far a scan has come; read by whoever shows progress.
struct ScanProgress {
  std::atomic<std::uint64_t> files_total = 0;
  std::atomic<std::uint64_t> files_done = 0;
  std::atomic<std::uint64_t> bytes_done = 0;
};

// The rules a scan judges by. Shared by all threads, changed by none.
struct Rules {
  RuleSet catalog;
  YaraRules yara;
  std::vector<libyara::Source> user_yara;  // what was added to `yara`

  // The digest of everything in force: "sha256:<hex>".
  std::string digest() const;
};

// Examines every listed file, `jobs` at a time, judges what was found and
// decides. The result is the same for any number of jobs. When `watchdog` stops
// everything, what was not reached is a gap.
ScanResult scan(const SourceListing& listing, const Rules& rules, const ScanOptions& options,
                Watchdog& watchdog, ScanProgress& progress);

// The same for one artifact in memory: samples of rules, tests.
ScanResult scan_bytes(std::string name, Bytes bytes, const Rules& rules,
                      const ScanOptions& options);

}  // namespace assay
