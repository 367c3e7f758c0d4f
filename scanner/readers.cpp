#include "scanner/readers.h"

#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
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
  try {
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  } catch (const std::system_error&) {
    // Fewer threads than wanted: each of them empties the queue.
  }
  work();
}

// How many lanes there can be, and how many files each may have open, under the
// limit of descriptors.
struct Share {
  unsigned lanes;
  std::size_t files;
};

Share share_descriptors(unsigned threads) {
  constexpr rlim_t kOthers = 24;    // of the program
  constexpr rlim_t kOfWorker = 8;   // while it is started
  constexpr rlim_t kMaxFiles = 16;  // enough that a worker need not wait for us
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {threads, 1};
  const rlim_t free = std::max(limit.rlim_cur, kOthers + kOfWorker + 1) - kOthers;
  const rlim_t lanes = std::clamp<rlim_t>(free / (kOfWorker + 1), 1, threads);
  return {static_cast<unsigned>(lanes), std::min(kMaxFiles, free / lanes - kOfWorker)};
}

sandbox::State state_of(const std::vector<wire::LayerWords>& words) {
  sandbox::State state;
  for (const wire::LayerWords& word : words) {
    const auto layer = sandbox::layer_from_string(word.layer);
    if (layer) state.layers.push_back({*layer, word.in_force, word.detail});
  }
  return state;
}

sandbox::Level level_of(const SandboxWords& words) {
  return sandbox::level_from_string(words.level).value_or(sandbox::Level::none);
}

// What the lanes reached. The worst counts of those that read anything.
class Worst {
 public:
  void note(const SandboxWords& words) {
    const std::lock_guard lock(mutex_);
    const bool counts = words.has_worker || !words_.has_worker;
    if (counts && (!words_.has_worker || level_of(words) < level_of(words_))) words_ = words;
  }
  SandboxWords words() const { return words_; }

 private:
  std::mutex mutex_;
  SandboxWords words_;
};

}  // namespace

SandboxWords words_of(const Parsed<std::vector<wire::LayerWords>>& started) {
  if (!started) return {"none", {started.error().message}, false};
  const sandbox::State state = state_of(*started);
  return {std::string(to_string(state.level())), state.missing(), true};
}

SandboxWords read_by_workers(FileQueue& queue, unsigned threads, const Rules& rules,
                             const ScanOptions& options, const Watchdog& watchdog) {
  LaneOptions lane_options{.program = options.workers->program, .config = {}};
  lane_options.config.examine = options.examine;
  lane_options.config.max_memory = options.workers->max_memory;
  lane_options.config.user_yara = rules.user_yara;
  lane_options.config.verifies = queue.takes_digests();
  lane_options.config.without = options.workers->without;
  const Share share = share_descriptors(threads);
  lane_options.in_flight = share.files;
  Worst worst;
  in_parallel(share.lanes, [&] {
    Lane lane(lane_options, watchdog.stop_flag());
    const auto started = lane.start();
    worst.note(words_of(started));
    if (!started) return;
    lane.run(
        [&] { return queue.next(); },
        [&](std::size_t index, Artifact artifact) { queue.finish(index, std::move(artifact)); });
    worst.note(words_of(lane.layers()));
  });
  return worst.words();
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
      examine_file(job->name, std::move(job->file), options.examine, job->digests, lease.stop(),
                   yara ? &*yara : nullptr, assembler);
      queue.finish(job->index, assembler.take());
    }
  });
}

}  // namespace assay
