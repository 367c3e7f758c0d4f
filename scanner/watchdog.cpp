#include "scanner/watchdog.h"

namespace assay {
namespace {
constexpr std::chrono::milliseconds kTick{50};
}

Watchdog::Watchdog() : thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kTick, [this] { return done_; })) {
    const auto now = std::chrono::steady_clock::now();
    for (Lease* lease : leases_) {
      if (stopped_all() || now >= lease->end_) lease->stop_ = true;
    }
  }
}

Watchdog::Lease::Lease(Watchdog& watchdog, std::chrono::milliseconds time)
    : watchdog_(watchdog), end_(std::chrono::steady_clock::now() + time) {
  if (watchdog_.stopped_all()) stop_ = true;
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.leases_.insert(this);
}

Watchdog::Lease::~Lease() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.leases_.erase(this);
}

}  // namespace assay
