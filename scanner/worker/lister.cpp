#include "scanner/worker/lister.h"

#include <fcntl.h>

#include <optional>
#include <utility>
#include <variant>

#include "scanner/worker/process.h"
#include "scanner/worker/record.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxGaps = 20;

// Passes instructions on and forgets them.
class PassingSink final : public AnalysisSink {
 public:
  explicit PassingSink(const TakeInstruction& take) : take_(take) {}

  void begin_artifact(std::string_view name) override {
    ++depth_;
    path_size_ = name.size();
  }
  void end_artifact(std::uint64_t, std::string_view) override { --depth_; }
  void begin_attempt(std::string_view) override {}
  void accept(std::string_view) override {}
  void reject() override {}
  void fact(Fact fact) override {
    if (!is_enough_ && std::holds_alternative<Instruction>(fact.value)) is_enough_ = !take_(fact);
  }
  void gap(ParseError error) override {
    if (gaps_.size() < kMaxGaps) gaps_.push_back(std::move(error));
  }

  bool is_enough() const { return is_enough_; }
  std::size_t depth() const { return depth_; }
  std::size_t path_size() const { return path_size_; }
  std::vector<ParseError> take_gaps() { return std::move(gaps_); }

 private:
  const TakeInstruction& take_;
  std::vector<ParseError> gaps_;
  bool is_enough_ = false;
  std::size_t depth_ = 0;
  std::size_t path_size_ = 0;
};

class Listener final : public wire::RecordListener {
 public:
  explicit Listener(PassingSink& sink) : sink_(sink) {}

  void on_ready(std::vector<wire::LayerWords>) override {}
  AnalysisSink& sink() override { return sink_; }
  bool on_done(std::uint64_t file) override {
    is_done_ = file == kFile && sink_.depth() == 0;
    return is_done_;
  }
  std::size_t depth() const override { return sink_.depth(); }
  std::size_t path_size() const override { return sink_.path_size(); }
  bool is_done() const { return is_done_; }

  static constexpr std::uint64_t kFile = 1;

 private:
  PassingSink& sink_;
  bool is_done_ = false;
};

// Nothing of a listing is kept, so its length costs the parent nothing.
constexpr wire::RecordLimits kListingLimits{.facts = UINT64_MAX,
                                            .fact_bytes = UINT64_MAX,
                                            .gaps = 10'000,
                                            .artifacts = 1,
                                            .depth = 1,
                                            .bytes = UINT64_MAX};

// Words until the end. The clock runs while the worker is waited for, not while
// somebody reads what it said.
std::optional<ParseError> hear(WorkerProcess& worker, PassingSink& sink, milliseconds time,
                               const std::atomic<bool>& stop) {
  constexpr milliseconds kTick{50};
  Listener listener(sink);
  wire::RecordReader reader(listener, kListingLimits);
  milliseconds waited{0};
  std::string words;
  while (!listener.is_done() && !sink.is_enough()) {
    if (stop || waited > time) return ParseError{ParseErrc::timeout, 0, "the listing was stopped"};
    words.clear();
    const auto began = std::chrono::steady_clock::now();
    const auto heard = worker.listen(words, kTick);
    waited += std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    if (!reader.feed(as_bytes(words))) {
      return ParseError{ParseErrc::crashed, 0, "the worker said nonsense: " + reader.why()};
    }
    if (heard == WorkerProcess::Heard::end && !listener.is_done()) {
      return ParseError{ParseErrc::crashed, 0, "the worker ended with " + worker.wait()};
    }
  }
  return std::nullopt;
}

WorkerConfig config_of(const ScanOptions& options) {
  WorkerConfig config;
  config.examine = options.examine;
  config.max_memory = options.workers->max_memory;
  config.without = options.workers->without;
  return config;
}

void list_here(const ListingJob& job, const ScanOptions& options, const std::atomic<bool>& stop,
               PassingSink& sink) {
  list_file(job.name, FileDescriptor(fcntl(job.file.get(), F_DUPFD_CLOEXEC, 0)), options.examine,
            job.request, stop, sink);
}

}  // namespace

std::vector<ParseError> list_instructions(const ListingJob& job, const ScanOptions& options,
                                          const std::atomic<bool>& stop,
                                          const TakeInstruction& take) {
  PassingSink sink(take);
  std::optional<ParseError> ending;
  std::optional<WorkerProcess> worker;
  if (options.workers) {
    if (auto started = WorkerProcess::start(options.workers->program, config_of(options))) {
      worker.emplace(std::move(*started));
    }
  }
  if (worker) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(job.time).count();
    const WorkerOrder order{.file = Listener::kFile,
                            .cpu_seconds = static_cast<std::uint32_t>(seconds),
                            .name = job.name,
                            .attempt = {},
                            .lists = true,
                            .listing = job.request};
    const auto sent = worker->send(order, job.file.get());
    ending = sent ? hear(*worker, sink, job.time, stop) : sent.error();
  } else {
    list_here(job, options, stop, sink);
  }
  std::vector<ParseError> endings = sink.take_gaps();
  if (ending) endings.push_back(std::move(*ending));
  return endings;
}

}  // namespace assay
