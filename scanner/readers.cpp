#include "scanner/readers.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "scanner/artifact_assembler.h"
#include "scanner/log.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/worker/lane.h"

namespace assay {
namespace {

void in_parallel(unsigned threads, const std::function<void()>& work) {
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  work();
}

sandbox::State state_of(const std::vector<wire::LayerWords>& words) {
  sandbox::State state;
  for (const wire::LayerWords& word : words) {
    const auto layer = sandbox::layer_from_string(word.layer);
    if (layer) state.layers.push_back({*layer, word.in_force, word.detail});
  }
  return state;
}

// What the lanes reached; the worst counts.
class Level {
 public:
  void note(const Parsed<std::vector<wire::LayerWords>>& started) {
    const std::lock_guard lock(mutex_);
    if (!started) {
      if (!worst_) failure_ = started.error().message;
      return;
    }
    const sandbox::State state = state_of(*started);
    if (worst_ && worst_->level() <= state.level()) return;
    worst_ = state;
  }

  SandboxWords words() const {
    if (!worst_) return {"none", {failure_}, false};
    return {std::string(to_string(worst_->level())), worst_->missing(), true};
  }

 private:
  std::mutex mutex_;
  std::optional<sandbox::State> worst_;
  std::string failure_;
};

}  // namespace

SandboxWords read_by_workers(FileQueue& queue, unsigned threads, const Rules& rules,
                             const ScanOptions& options, const Watchdog& watchdog) {
  LaneOptions lane_options{options.workers->program, {}};
  lane_options.config.examine = options.examine;
  lane_options.config.max_memory = options.workers->max_memory;
  lane_options.config.user_yara = rules.user_yara;
  lane_options.config.without = options.workers->without;
  Level level;
  in_parallel(threads, [&] {
    Lane lane(lane_options, watchdog.stop_flag());
    const auto started = lane.start();
    level.note(started);
    if (!started) return;
    lane.run(
        [&] { return queue.next(); },
        [&](std::size_t index, Artifact artifact) { queue.finish(index, std::move(artifact)); });
  });
  return level.words();
}

void read_here(FileQueue& queue, unsigned threads, const Rules& rules, const ScanOptions& options,
               Watchdog& watchdog) {
  const auto loaded = rules.yara ? Parsed<YaraRules>(*rules.yara) : YaraRules::built_in();
  in_parallel(threads, [&] {
    std::optional<YaraScanner> yara;
    if (loaded) yara.emplace(*loaded);
    while (auto job = queue.next()) {
      ArtifactAssembler assembler;
      const Watchdog::Lease lease(watchdog, job->time);
      examine_file(job->name, std::move(job->file), options.examine, lease.stop(),
                   yara ? &*yara : nullptr, assembler);
      queue.finish(job->index, assembler.take());
    }
  });
}

}  // namespace assay
