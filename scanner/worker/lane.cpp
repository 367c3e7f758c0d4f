#include "scanner/worker/lane.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kMaxBytesInFlight = 4 << 20;
// A worker is young, so that what one file left in its memory meets few others.
constexpr std::uint64_t kMaxServed = 2000;
// From the request to stop, or the first order that is not taken, to the end.
constexpr milliseconds kGrace{3000};
// How long a raised stop may go unseen.
constexpr milliseconds kTick{50};
constexpr milliseconds kStartTime{30'000};

// What our own parsers may say within these limits, with some room.
wire::RecordLimits record_limits(const Limits& limits) {
  const std::uint64_t artifacts = limits.members + 1;
  return {.facts = limits.facts,
          .fact_bytes = limits.fact_bytes,
          .gaps = limits.gaps + 1 + limits.fact_bytes / wire::kMaxPayload,
          .artifacts = artifacts,
          .attempts = 64 * artifacts,  // there are fewer formats
          .depth = 2 * (limits.depth + 2),
          .bytes = 4 * limits.fact_bytes + 4096 * artifacts};
}

// Depth of nesting is bounded by Limits::depth.
std::size_t facts_in(const Artifact& artifact) {
  std::size_t count = artifact.facts.size();
  for (const Artifact& member : artifact.members) count += facts_in(member);
  return count;
}

Fact crash_fact(const std::string& detail) {
  return {0, 0, Anomaly{"generic.parser-crashed", detail}};
}

}  // namespace

Lane::Lane(LaneOptions options, const std::atomic<bool>& stop)
    : options_(std::move(options)), stop_(stop) {}

Parsed<void> Lane::start_worker() {
  worker_.reset();
  reader_.reset();
  auto started = WorkerProcess::start(options_.program, options_.config);
  if (!started) return std::unexpected(started.error());
  worker_.emplace(std::move(*started));
  reader_.emplace(static_cast<wire::RecordListener&>(*this),
                  record_limits(options_.config.examine.limits));
  assembler_.reset();
  started_ = Clock::now();
  served_ = 0;
  killed_ = false;
  return {};
}

Parsed<std::vector<wire::LayerWords>> Lane::start() {
  if (const auto started = start_worker(); !started) return std::unexpected(started.error());
  while (!layers_ && Clock::now() < started_ + kStartTime && !stop_) {
    words_.clear();
    const auto heard = worker_->listen(words_, kTick);
    if (!reader_->feed(as_bytes(words_))) return fail(ParseErrc::crashed, 0, reader_->why());
    if (heard == WorkerProcess::Heard::end) {
      return fail(ParseErrc::crashed, 0, "the first worker ended with " + worker_->wait());
    }
  }
  if (!layers_) return fail(ParseErrc::timeout, 0, "the first worker did not begin in time");
  return *layers_;
}

// A file's time does not run while its worker prepares itself.
void Lane::on_ready(std::vector<wire::LayerWords> layers) {
  const auto in_force = [](const std::vector<wire::LayerWords>& all) {
    return std::ranges::count(all, true, &wire::LayerWords::in_force);
  };
  if (!layers_ || in_force(layers) < in_force(*layers_)) layers_ = std::move(layers);
  started_ = Clock::now();
}

void Lane::run(const Next& next, const Done& done) {
  done_ = &done;
  for (;;) {
    fill(next);
    if (queue_.empty()) break;
    if (worker_) {
      hear();
      watch_clock();
    }
  }
  worker_.reset();
}

// A file that has cost a worker is read alone, so that its neighbours cannot be
// the reason; a large one alone, so that small ones need not wait behind it.
bool Lane::may_send(const Pending& pending) const {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (const Pending& other : queue_) {
    if (!other.sent) continue;
    ++count;
    bytes += other.job.size;
    if (other.losses > 0) return false;
  }
  if (count == 0) return true;
  return pending.losses == 0 && served_ + count < kMaxServed &&
         bytes + pending.job.size <= kMaxBytesInFlight;
}

void Lane::fill(const Next& next) {
  if (is_idle() && served_ >= kMaxServed) worker_.reset();
  for (;;) {
    Pending* const pending = first_unsent(next);
    if (!pending) return;
    if (stop_ && is_idle()) {
      give_up(ParseErrc::timeout, "interrupted before it was read");
    } else if (stop_ || !may_send(*pending) || !send(*pending)) {
      return;
    }
  }
}

// What is sent stands before what is not.
Lane::Pending* Lane::first_unsent(const Next& next) {
  if (!queue_.empty() && !queue_.back().sent) {
    return &*std::ranges::find(queue_, false, &Pending::sent);
  }
  if (no_more_ || queue_.size() >= options_.in_flight) return nullptr;
  auto job = next();
  no_more_ = !job.has_value();
  return no_more_ ? nullptr : &queue_.emplace_back(std::move(*job));
}

// False when it is not on its way.
bool Lane::send(Pending& pending) {
  if (!worker_) {
    if (const auto started = start_worker(); !started) {
      lose(ParseErrc::unreadable, started.error().message);
      return false;
    }
  }
  pending.number = next_number_++;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(pending.job.time + kGrace).count();
  const WorkerOrder order{.file = pending.number,
                          .cpu_seconds = static_cast<std::uint32_t>(seconds),
                          .name = pending.job.name,
                          .digests = pending.job.digests};
  const auto sent = worker_->send(order, pending.job.file.get());
  if (sent && !*sent && is_idle() && Clock::now() >= started_ + kGrace) {
    lose(ParseErrc::crashed, "the worker does not take what it is given");
  }
  // A dead worker is noticed when it is listened to.
  if (sent && !*sent) return false;
  if (&pending == &queue_.front()) {
    if (reader_->is_ready()) started_ = Clock::now();
    asked_to_stop_ = false;
  }
  pending.sent = true;
  return true;
}

milliseconds Lane::patience() const {
  if (asked_to_stop_ || is_idle() || !reader_->is_ready()) return kTick;
  const auto left =
      std::chrono::ceil<milliseconds>(started_ + queue_.front().job.time - Clock::now());
  return std::clamp(left, milliseconds{1}, kTick);
}

void Lane::hear() {
  words_.clear();
  const auto heard = worker_->listen(words_, patience());
  if (!reader_->feed(as_bytes(words_)) || !assembler_.is_consistent()) {
    const std::string why = reader_->why().empty() ? "words out of order" : reader_->why();
    return lose(ParseErrc::crashed, "the worker said what no worker of ours says: " + why);
  }
  if (heard != WorkerProcess::Heard::end) return;
  if (is_idle()) return worker_.reset();
  const std::string ending = worker_->wait();
  if (killed_) return lose(ParseErrc::timeout, "stopped before the end was reached");
  if (ending.contains("SIGXCPU"))
    return lose(ParseErrc::timeout, "the worker ended with " + ending);
  lose(ParseErrc::crashed, "the worker ended with " + ending);
}

bool Lane::on_done(std::uint64_t file) {
  if (queue_.empty() || !queue_.front().sent || queue_.front().number != file ||
      !assembler_.is_complete() || !assembler_.is_consistent()) {
    return false;
  }
  Artifact artifact = assembler_.take();
  if (artifact.path != queue_.front().job.name) return false;
  ++served_;
  finish(std::move(artifact));
  started_ = Clock::now();
  if (std::exchange(asked_to_stop_, false)) served_ = kMaxServed;  // replaced after a timeout
  return true;
}

void Lane::watch_clock() {
  if (!worker_ || is_idle()) return;
  const auto now = Clock::now();
  if (!reader_->is_ready()) {
    if (stop_ || now >= started_ + kStartTime)
      lose(ParseErrc::unreadable, "no worker began in time");
    return;
  }
  const bool is_late = now >= started_ + queue_.front().job.time;
  if (!asked_to_stop_ && (is_late || stop_)) {
    asked_to_stop_ = true;
    queue_.front().job.time = std::chrono::duration_cast<milliseconds>(now - started_);
    return worker_->ask_to_stop(queue_.front().number);
  }
  if (asked_to_stop_ && now >= started_ + queue_.front().job.time + kGrace) {
    killed_ = true;
    worker_->kill();  // its last words say which file it was at
  }
}

// The worker is gone or must go. What it was at is tried once more, alone; what
// was sent behind that is sent anew to the next one.
void Lane::lose(ParseErrc reason, const std::string& why) {
  worker_.reset();
  for (Pending& pending : queue_) pending.sent = false;
  if (queue_.empty()) return;
  const bool began = reader_ && reader_->is_ready();
  if (++queue_.front().losses > 1 || (stop_ && began)) {
    return give_up(began ? reason : ParseErrc::unreadable, why);
  }
  Artifact found = assembler_.take();
  if (found.path == queue_.front().job.name) queue_.front().found = std::move(found);
  if (!began) std::this_thread::sleep_for(kTick);  // what it lacked may come back
}

// The first in the queue keeps the most that was found in it, and the gap.
void Lane::give_up(ParseErrc reason, const std::string& why) {
  const std::string& name = queue_.front().job.name;
  Artifact artifact = assembler_.take();
  Artifact& before = queue_.front().found;
  if (artifact.path != name || facts_in(artifact) < facts_in(before)) artifact = std::move(before);
  artifact.path = name;
  if (artifact.format.empty()) artifact.format = "unknown";
  artifact.gaps.push_back({name, reason, why, 0});
  if (reason == ParseErrc::crashed) artifact.facts.push_back(crash_fact(why));
  finish(std::move(artifact));
}

void Lane::finish(Artifact artifact) {
  Pending first = std::move(queue_.front());
  queue_.pop_front();
  artifact.size = first.job.size;
  (*done_)(first.job.index, std::move(artifact));
}

}  // namespace assay
