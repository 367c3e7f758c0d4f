#include "scanner/self_test.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "scanner/artifact_assembler.h"
#include "scanner/sandbox/self_test.h"
#include "scanner/worker/lane.h"
#include "scanner/worker/process.h"

namespace assay {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{10};

WorkerConfig config_of(const WorkerOptions& options) {
  WorkerConfig config;
  config.max_memory = options.max_memory;
  config.without = options.without;
  return config;
}

// Hears the greeting, then the answer to the one order.
class Answer final : public wire::RecordListener {
 public:
  void on_ready(std::vector<wire::LayerWords>) override {}
  AnalysisSink& sink() override { return assembler_; }
  std::size_t depth() const override { return assembler_.depth(); }
  std::size_t path_size() const override { return assembler_.path_size(); }
  bool on_done(std::uint64_t) override {
    const Artifact artifact = assembler_.take();
    for (const Fact& fact : artifact.facts) {
      if (const auto* said = std::get_if<Metadata>(&fact.value)) fact_ = *said;
    }
    return true;
  }
  const std::optional<Metadata>& fact() const { return fact_; }

 private:
  ArtifactAssembler assembler_;
  std::optional<Metadata> fact_;
};

AttemptOutcome try_one(sandbox::Attempt what, const WorkerOptions& options) {
  AttemptOutcome outcome{std::string(to_string(what)), false, {}};
  auto worker = WorkerProcess::start(options.program, config_of(options));
  if (!worker) return {outcome.attempt, false, worker.error().message};
  const WorkerOrder order{.file = 1,
                          .cpu_seconds = 1,
                          .name = "self-test",
                          .work = Work::attempt,
                          .attempt = outcome.attempt};
  if (const auto sent = worker->send(order, -1); !sent)
    return {outcome.attempt, false, "no worker"};
  Answer answer;
  wire::RecordReader reader(
      answer, {.facts = 1, .fact_bytes = 1 << 16, .artifacts = 1, .depth = 1, .bytes = 1 << 16});
  std::string words;
  auto heard = WorkerProcess::Heard::silence;
  for (const auto end = Clock::now() + kPatience;
       heard != WorkerProcess::Heard::end && !answer.fact() && Clock::now() < end;) {
    words.clear();
    heard = worker->listen(words, std::chrono::milliseconds(100));
    if (!reader.feed(as_bytes(words))) return {outcome.attempt, false, reader.why()};
  }
  if (answer.fact()) {
    return {outcome.attempt, answer.fact()->key == "refused", answer.fact()->value};
  }
  if (!reader.is_ready())
    return {outcome.attempt, false, "the worker ended with " + worker->wait()};
  // Without an answer: killed for it, or, after an execve, something else by now.
  const bool was_stopped = heard != WorkerProcess::Heard::end;
  const std::string ending = worker->wait();
  outcome.withstood = ending.starts_with("signal");
  outcome.detail = (was_stopped ? "stopped by the watchdog: " : "killed: ") + ending;
  return outcome;
}

}  // namespace

Parsed<std::vector<wire::LayerWords>> sandbox_layers(const WorkerOptions& options) {
  const std::atomic<bool> stop = false;
  return Lane({.program = options.program, .config = config_of(options)}, stop).start();
}

std::vector<AttemptOutcome> self_test(const WorkerOptions& options) {
  std::vector<AttemptOutcome> outcomes;
  for (const sandbox::Attempt what : sandbox::all_attempts()) {
    outcomes.push_back(try_one(what, options));
  }
  return outcomes;
}

}  // namespace assay
