#pragma once

#include <string>
#include <vector>

#include "scanner/engine.h"
#include "scanner/file_queue.h"
#include "scanner/worker/record.h"

namespace assay {

// How far from this process the files were read, in the words of the report.
struct SandboxWords {
  std::string level = "none";
  std::vector<std::string> missing;
  bool has_worker = false;
};

// Of one worker, or of the failure to start one.
SandboxWords words_of(const Parsed<std::vector<wire::LayerWords>>& started);

// Empties `queue` with `threads` workers and a thread for each. The level is
// that of the worst. Without has_worker nothing was read: none could be started.
SandboxWords read_by_workers(FileQueue& queue, unsigned threads, const Rules& rules,
                             const ScanOptions& options, const Watchdog& watchdog);

// Empties `queue` in this process: a crash of a parser ends the scan.
void read_here(FileQueue& queue, unsigned threads, const Rules& rules, const ScanOptions& options,
               Watchdog& watchdog);

}  // namespace assay
