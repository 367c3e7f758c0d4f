#include "scanner/worker/errand.h"

#include <fcntl.h>

#include <optional>
#include <string>
#include <utility>

#include "scanner/provenance/digesting.h"
#include "scanner/provenance/verification.h"
#include "scanner/worker/process.h"
#include "scanner/worker/record.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxGaps = 20;

// Passes facts on and forgets them.
class PassingSink final : public AnalysisSink {
 public:
  explicit PassingSink(const TakeFact& take) : take_(take) {}

  void begin_artifact(std::string_view name) override {
    ++depth_;
    path_size_ = name.size();
  }
  void end_artifact(std::uint64_t, std::string_view) override { --depth_; }
  void begin_attempt(std::string_view) override {}
  void accept(std::string_view) override {}
  void reject() override {}
  void fact(Fact fact) override {
    if (!is_enough_) is_enough_ = !take_(std::move(fact));
  }
  void gap(ParseError error) override {
    if (gaps_.size() < kMaxGaps) gaps_.push_back(std::move(error));
  }

  bool is_enough() const { return is_enough_; }
  std::size_t depth() const { return depth_; }
  std::size_t path_size() const { return path_size_; }
  std::vector<ParseError> take_gaps() { return std::move(gaps_); }

 private:
  const TakeFact& take_;
  std::vector<ParseError> gaps_;
  bool is_enough_ = false;
  std::size_t depth_ = 0;
  std::size_t path_size_ = 0;
};

// Hears one errand out. The sink changes from errand to errand.
class Listener final : public wire::RecordListener {
 public:
  void begin(PassingSink& sink, std::uint64_t file) {
    sink_ = &sink;
    file_ = file;
    is_done_ = false;
  }
  void on_ready(std::vector<wire::LayerWords>) override {}
  AnalysisSink& sink() override { return *sink_; }
  bool on_done(std::uint64_t file) override {
    is_done_ = file == file_ && sink_->depth() == 0;
    return is_done_;
  }
  std::size_t depth() const override { return sink_->depth(); }
  std::size_t path_size() const override { return sink_->path_size(); }
  bool is_done() const { return is_done_; }

 private:
  PassingSink* sink_ = nullptr;
  std::uint64_t file_ = 0;
  bool is_done_ = false;
};

// What is passed on costs the parent nothing, so its length is not bounded.
constexpr wire::RecordLimits kLimits{.facts = UINT64_MAX,
                                     .fact_bytes = UINT64_MAX,
                                     .gaps = 10'000,
                                     .artifacts = 1,
                                     .depth = 1,
                                     .bytes = UINT64_MAX};

WorkerConfig config_of(const ScanOptions& options, Work work) {
  WorkerConfig config;
  config.examines = false;
  config.verifies = work != Work::list;
  config.examine = options.examine;
  config.max_memory = options.workers->max_memory;
  config.without = options.workers->without;
  return config;
}

}  // namespace

struct ErrandRunner::Worker {
  explicit Worker(WorkerProcess started) : process(std::move(started)) {}

  // Words until the end. The clock runs while the worker is waited for, not while
  // somebody reads what it said.
  std::optional<ParseError> hear(PassingSink& sink, milliseconds time,
                                 const std::atomic<bool>& stop) {
    constexpr milliseconds kTick{50};
    milliseconds waited{0};
    std::string words;
    while (!listener.is_done() && !sink.is_enough()) {
      if (stop || waited > time) return ParseError{ParseErrc::timeout, 0, "it was stopped"};
      words.clear();
      const auto began = std::chrono::steady_clock::now();
      const auto heard = process.listen(words, kTick);
      waited += std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
      if (!reader.feed(as_bytes(words))) {
        return ParseError{ParseErrc::crashed, 0, "the worker said nonsense: " + reader.why()};
      }
      if (heard == WorkerProcess::Heard::end && !listener.is_done()) {
        return ParseError{ParseErrc::crashed, 0, "the worker ended with " + process.wait()};
      }
    }
    return std::nullopt;
  }

  WorkerProcess process;
  Listener listener;
  wire::RecordReader reader{listener, kLimits};
  std::uint64_t errands = 0;
};

ErrandRunner::ErrandRunner(const ScanOptions& options, const std::atomic<bool>& stop)
    : options_(options), stop_(stop) {}
ErrandRunner::~ErrandRunner() = default;

std::vector<ParseError> ErrandRunner::run(const WorkerOrder& order, const FileDescriptor& file,
                                          milliseconds time, const TakeFact& take) {
  PassingSink sink(take);
  if (options_.workers && !worker_) {
    if (auto started =
            WorkerProcess::start(options_.workers->program, config_of(options_, order.work))) {
      worker_ = std::make_unique<Worker>(std::move(*started));
    }
  }
  if (!worker_) {
    run_errand(order, FileDescriptor(fcntl(file.get(), F_DUPFD_CLOEXEC, 0)), options_.examine,
               stop_, sink);
    return sink.take_gaps();
  }
  WorkerOrder numbered = order;
  numbered.file = ++worker_->errands;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  numbered.cpu_seconds = static_cast<std::uint32_t>(seconds);
  worker_->listener.begin(sink, numbered.file);
  const auto sent = worker_->process.send(numbered, file.get());
  std::optional<ParseError> ending;
  if (sent) {
    ending = worker_->hear(sink, time, stop_);
  } else {
    ending = sent.error();
  }
  // Words of an errand that was left early would be taken for the next one's.
  if (ending || sink.is_enough()) worker_.reset();
  std::vector<ParseError> endings = sink.take_gaps();
  if (ending) endings.push_back(std::move(*ending));
  return endings;
}

void run_errand(const WorkerOrder& order, FileDescriptor file, const ExamineOptions& options,
                const std::atomic<bool>& stop, AnalysisSink& sink) {
  switch (order.work) {
    case Work::list:
      list_file(order.name, std::move(file), options, order.listing, stop, sink);
      break;
    case Work::digest:
      digest_file(order.name, std::move(file), order.digests, stop, sink);
      break;
    case Work::verify:
      verify_file(order.name, std::move(file), sink);
      break;
    case Work::examine:
    case Work::attempt:
      break;
  }
}

}  // namespace assay
