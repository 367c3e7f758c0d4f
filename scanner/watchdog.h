#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace assay {

// The wall clock of the engine. Each file being examined holds a Lease; the
// watchdog raises its stop flag when its time is up or when everything is to
// stop. Parsers see the flag through their budget.
class Watchdog {
 public:
  Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  class Lease {
   public:
    Lease(Watchdog& watchdog, std::chrono::milliseconds time);
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();
    const std::atomic<bool>& stop() const { return stop_; }

   private:
    friend class Watchdog;
    Watchdog& watchdog_;
    std::chrono::steady_clock::time_point end_;
    std::atomic<bool> stop_ = false;
  };

  // From a signal handler: stops all leases, present and future.
  void stop_all() { stop_all_.store(true, std::memory_order_relaxed); }
  const std::atomic<bool>& stop_flag() const { return stop_all_; }
  bool stopped_all() const { return stop_all_.load(std::memory_order_relaxed); }

 private:
  void run();

  std::atomic<bool> stop_all_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<Lease*> leases_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace assay
