#include "scanner/watchdog.h"

#include <catch2/catch.hpp>

using namespace assay;
using namespace std::chrono_literals;

namespace {
bool raised_within(const std::atomic<bool>& flag, std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!flag && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(5ms);
  return flag;
}
}  // namespace

TEST_CASE("a lease that runs out raises its own flag only") {
  Watchdog watchdog;
  const Watchdog::Lease brief(watchdog, 1ms);
  const Watchdog::Lease patient(watchdog, 1h);
  CHECK(raised_within(brief.stop(), 10s));
  CHECK_FALSE(patient.stop());
}

TEST_CASE("stopping all stops what runs and what comes later") {
  Watchdog watchdog;
  const Watchdog::Lease running(watchdog, 1h);
  watchdog.stop_all();
  CHECK(raised_within(running.stop(), 10s));
  const Watchdog::Lease later(watchdog, 1h);
  CHECK(later.stop());
}
