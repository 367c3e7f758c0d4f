#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "scanner/artifact_assembler.h"
#include "scanner/file_queue.h"
#include "scanner/worker/orders.h"
#include "scanner/worker/process.h"
#include "scanner/worker/record.h"

namespace assay {

struct LaneOptions {
  std::string program;  // what to start as a worker
  WorkerConfig config;
  std::size_t in_flight = 16;  // files that may be on their way at once
};

// Keeps one worker busy, and replaces it when it dies, hangs, breaks the
// protocol or has served long enough. Everything a worker says is hostile.
// Belongs to one thread.
class Lane final : private wire::RecordListener {
 public:
  using Next = std::function<std::optional<FileJob>()>;
  using Done = std::function<void(std::size_t index, Artifact artifact)>;

  // `stop` raised: what is being read is cut off, and no further job is begun.
  Lane(LaneOptions options, const std::atomic<bool>& stop);

  // Starts the first worker. Its sandbox, or why there can be no worker.
  Parsed<std::vector<wire::LayerWords>> start();

  // The sandbox of the worker that had the least of it.
  const std::vector<wire::LayerWords>& layers() const { return *layers_; }

  // Examines what `next` gives until it gives nothing.
  void run(const Next& next, const Done& done);

 private:
  using Clock = std::chrono::steady_clock;

  struct Pending {
    FileJob job;
    std::uint64_t number = 0;  // fresh for each sending
    bool sent = false;
    int losses = 0;  // workers that were lost over it
    Artifact found;  // by the first of them
  };

  void on_ready(std::vector<wire::LayerWords> layers) override;
  AnalysisSink& sink() override { return assembler_; }
  bool on_done(std::uint64_t file) override;
  std::size_t depth() const override { return assembler_.depth(); }
  std::size_t path_size() const override { return assembler_.path_size(); }

  Parsed<void> start_worker();
  void fill(const Next& next);
  Pending* first_unsent(const Next& next);
  bool is_idle() const { return queue_.empty() || !queue_.front().sent; }
  bool may_send(const Pending& pending) const;
  bool send(Pending& pending);
  void hear();
  void watch_clock();
  void lose(ParseErrc reason, const std::string& why);
  void give_up(ParseErrc reason, const std::string& why);
  void finish(Artifact artifact);
  std::chrono::milliseconds patience() const;

  LaneOptions options_;
  const std::atomic<bool>& stop_;
  const Done* done_ = nullptr;
  std::optional<WorkerProcess> worker_;
  std::optional<wire::RecordReader> reader_;
  std::optional<std::vector<wire::LayerWords>> layers_;
  ArtifactAssembler assembler_;
  std::deque<Pending> queue_;  // the first is the one being read
  std::string words_;
  std::uint64_t next_number_ = 1;
  std::uint64_t served_ = 0;   // by this worker
  Clock::time_point started_;  // of the first in the queue, or of the worker before it is ready
  bool asked_to_stop_ = false;
  bool killed_ = false;  // by us, for its time
  bool no_more_ = false;
};

}  // namespace assay
