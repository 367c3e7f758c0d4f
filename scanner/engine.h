#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/scan_result.h"
#include "rules/rule_set.h"
#include "rules/yara/yara_scanner.h"
#include "scanner/examine.h"
#include "scanner/file_queue.h"
#include "scanner/provenance/known_signers.h"
#include "scanner/provenance/verification.h"
#include "scanner/source_files.h"
#include "scanner/verdict.h"
#include "scanner/watchdog.h"

namespace assay {

// Workers that read the files in this process's place.
struct WorkerOptions {
  std::string program = "/proc/self/exe";             // what to start: this program
  std::uint64_t max_memory = std::uint64_t{1} << 30;  // bytes, for each
  std::vector<std::string> without;                   // layers to leave out, for tests
};

// What a scan does about the evidence that lies in, or beside, its source.
struct ProvenanceOptions {
  bool check = false;
  VerifyRequest trust;  // keys, roots, expectations; nothing of the evidence
  // Every file must be covered by evidence of the signer that `trust` expects.
  bool require_signature = false;
  // Whom else to believe; looked at only where `trust` expects nobody.
  KnownSigners known_signers = {};
};

struct ScanOptions {
  ExamineOptions examine;  // for each file
  unsigned jobs = 1;
  std::optional<std::chrono::seconds> timeout;  // for each file; by its size if not given
  std::optional<WorkerOptions> workers;         // nothing: everything in this process
  VerdictOptions verdict;
  ProvenanceOptions provenance;
  // Called when all is read and before the verdict: a policy adds to the findings, or
  // takes some away.
  std::function<void(ScanResult&)> before_verdict = {};
};

// The rules a scan judges by. Shared by all threads, changed by none.
struct Rules {
  RuleSet catalog;
  std::optional<YaraRules> yara;           // not there when only workers need them
  std::vector<libyara::Source> user_yara;  // what is added to the built-in ones

  // The digest of everything in force: "sha256:<hex>".
  std::string digest() const;
};

// Examines every listed file, `jobs` at a time, judges what was found and
// decides. The result is the same for any number of jobs. When `watchdog` stops
// everything, what was not reached is a gap. Where no worker can be started,
// files are read in this process, and the result says so.
ScanResult scan(const SourceListing& listing, const Rules& rules, const ScanOptions& options,
                Watchdog& watchdog, ScanProgress& progress);

// The same for one artifact in memory: samples of rules, tests.
ScanResult scan_bytes(std::string name, Bytes bytes, const Rules& rules,
                      const ScanOptions& options);

}  // namespace assay
