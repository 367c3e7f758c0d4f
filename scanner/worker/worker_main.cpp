#include "scanner/worker/worker_main.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "formats/registry.h"
#include "provenance/crypto/prepare.h"
#include "rules/yara/yara_scanner.h"
#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/sandbox/self_test.h"
#include "scanner/worker/errand.h"
#include "scanner/worker/journal.h"
#include "scanner/worker/orders.h"
#include "scanner/worker/record.h"

namespace assay {
namespace {

using Clock = std::chrono::steady_clock;

// No longer than this do finished files wait to be told.
constexpr std::chrono::milliseconds kFlushInterval{2};

// The parent's signal to stop names the file: it may come before the file's turn,
// and one that comes late must not hit the file after it.
std::atomic<std::uint32_t> g_file = 0;
std::atomic<std::uint32_t> g_unwanted = 0;
std::atomic<bool> g_stop = false;

extern "C" void on_stop(int, siginfo_t* info, void*) {
  g_unwanted = static_cast<std::uint32_t>(info->si_value.sival_int);
  if (g_unwanted == g_file) g_stop = true;
}

void begin_file(std::uint64_t number) {
  g_file = static_cast<std::uint32_t>(number);
  g_stop = false;
  if (g_unwanted == g_file) g_stop = true;
}

void set_signals() {
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C is the parent's affair
  std::signal(SIGPIPE, SIG_IGN);
  struct sigaction action{};
  action.sa_sigaction = on_stop;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
}

int complain(const std::string& message) {
  std::fprintf(stderr, "assay worker: %s\n", message.c_str());
  return 1;
}

// Once a file is read, nobody else's terminal or log may be written to. Sanitizers
// have to report.
void silence_standard_error() {
  if (sandbox::kSanitizerBuild) return;
  const FileDescriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!nowhere || dup2(nowhere.get(), STDERR_FILENO) < 0) close(STDERR_FILENO);
}

sandbox::Options sandbox_options(const WorkerConfig& config) {
  sandbox::Options options;
  options.max_memory = config.max_memory;
  options.keep = {STDERR_FILENO, kWorkerSocket};
  options.parent = static_cast<pid_t>(config.parent);
  for (const std::string& word : config.without) {
    if (const auto layer = sandbox::layer_from_string(word)) options.without.insert(*layer);
  }
  return options;
}

std::vector<wire::LayerWords> words_of(const sandbox::State& state) {
  std::vector<wire::LayerWords> words;
  for (const sandbox::LayerState& layer : state.layers) {
    words.push_back({std::string(to_string(layer.layer)), layer.in_force, layer.detail});
  }
  return words;
}

class Worker {
 public:
  // `rules` may be null: nothing is examined, or YARA has no part in it.
  Worker(const WorkerConfig& config, YaraRules* rules, Journal& journal)
      : config_(config), journal_(journal), records_(journal) {
    if (rules) yara_.emplace(*rules);
  }

  void greet(const sandbox::State& state) {
    records_.ready(words_of(state));
    journal_.flush();
  }

  void serve() {
    for (;;) {
      auto received = receive_order(kWorkerSocket, false);
      if (!received) {
        flush();
        received = receive_order(kWorkerSocket, true);
      }
      if (!received) return;
      carry_out(received->order, std::move(received->file));
      if (Clock::now() - flushed_ > kFlushInterval) flush();
    }
  }

 private:
  void flush() {
    journal_.flush();
    flushed_ = Clock::now();
  }

  void carry_out(const WorkerOrder& order, FileDescriptor file) {
    begin_file(order.file);
    sandbox::allow_cpu(std::chrono::seconds(order.cpu_seconds));
    if (order.work == Work::examine) {
      examine_file(order.name, std::move(file), config_.examine, order.digests, g_stop,
                   yara_ ? &*yara_ : nullptr, records_);
    } else if (order.work == Work::attempt) {
      try_out(order);
    } else {
      run_errand(order, std::move(file), config_.examine, g_stop, records_);
    }
    records_.done(order.file);
  }

  // What came of an attempt is told as an artifact's fact: one wire for all.
  void try_out(const WorkerOrder& order) {
    records_.begin_artifact(order.name);
    if (const auto attempt = sandbox::attempt_from_string(order.attempt)) {
      const auto result = sandbox::attempt(*attempt, static_cast<pid_t>(config_.parent));
      records_.fact({0, 0, Metadata{result.refused ? "refused" : "succeeded", result.detail}});
    }
    records_.end_artifact(0, "");
  }

  const WorkerConfig& config_;
  std::optional<YaraScanner> yara_;
  Journal& journal_;
  wire::RecordWriter records_;
  Clock::time_point flushed_ = Clock::now();
};

Parsed<YaraRules> load_rules(const WorkerConfig& config) {
  auto rules = YaraRules::built_in();
  if (!rules || config.user_yara.empty()) return rules;
  if (const auto added = rules->add(config.user_yara); !added) {
    return std::unexpected(added.error());
  }
  return rules;
}

}  // namespace

int worker_main() {
  set_signals();
  auto received = receive_config(kWorkerSocket);
  if (!received) return complain(received.error().message + " (only assay itself starts a worker)");
  const WorkerConfig& config = received->config;
  auto memory = SharedJournal::open(std::move(received->journal));
  if (!memory) return complain(memory.error().message);
  std::optional<YaraRules> rules;
  if (config.examines) {
    auto loaded = load_rules(config);
    if (!loaded) return complain(loaded.error().message);
    rules.emplace(std::move(*loaded));
  }
  if (!config.verifies || config.examines) prepare_formats();
  if (config.verifies) provenance::prepare_crypto();
  silence_standard_error();
  Journal journal(memory->memory(), kWorkerSocket);
  Worker worker(config, rules ? &*rules : nullptr, journal);
  worker.greet(sandbox::lock_down(sandbox_options(config)));
  worker.serve();
  return 0;
}

}  // namespace assay
