#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "scanner/engine.h"
#include "scanner/worker/record.h"

namespace assay {

// The layers of a worker's sandbox as one that is started now has them; an error
// when no worker can be started.
Parsed<std::vector<wire::LayerWords>> sandbox_layers(const WorkerOptions& options);

struct AttemptOutcome {
  std::string attempt;  // "open_file", "connect", ... (scanner/sandbox/self_test.h)
  bool withstood = false;
  std::string detail;  // "EACCES: Permission denied", "killed: signal 31 (SIGSYS)"
};

// Lets a worker try each thing that hostile code in a parser would try, one
// worker an attempt. Takes some seconds: two attempts never end by themselves.
std::vector<AttemptOutcome> self_test(const WorkerOptions& options);

}  // namespace assay
