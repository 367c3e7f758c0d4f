#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "core/error.h"
#include "core/fact.h"
#include "scanner/analysis_sink.h"
#include "scanner/engine.h"
#include "scanner/worker/orders.h"

namespace assay {

// Takes one fact that an errand told; false: enough.
using TakeFact = std::function<bool(Fact fact)>;

// Runs orders outside of a scan: listing, digesting, verifying. A worker of its own
// does the work, one order after the other; where `options` has no workers or none
// can be started, this process does.
class ErrandRunner {
 public:
  ErrandRunner(const ScanOptions& options, const std::atomic<bool>& stop);
  ErrandRunner(const ErrandRunner&) = delete;
  ErrandRunner& operator=(const ErrandRunner&) = delete;
  ~ErrandRunner();

  // `take` gets each fact as soon as it is known, so memory stays constant however
  // many there are. What is returned is why the errand ended early, if it did: what
  // the work said, or what became of the worker, which `time` bounds.
  std::vector<ParseError> run(const WorkerOrder& order, const FileDescriptor& file,
                              std::chrono::milliseconds time, const TakeFact& take);

 private:
  struct Worker;

  const ScanOptions& options_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<Worker> worker_;
};

// Does the work of an order of any kind but `examine` and `attempt`, here.
void run_errand(const WorkerOrder& order, FileDescriptor file, const ExamineOptions& options,
                const std::atomic<bool>& stop, AnalysisSink& sink);

}  // namespace assay
