#include <unistd.h>

#include <atomic>
#include <csignal>

#include "scanner/cli/commands.h"
#include "scanner/cli/terminal.h"
#include "scanner/log.h"

namespace assay::cli {
namespace {

std::atomic<Watchdog*> g_watchdog = nullptr;

// The first Ctrl-C ends the scan in order; a second one ends the program.
extern "C" void on_interrupt(int) {
  if (Watchdog* watchdog = g_watchdog.exchange(nullptr)) {
    watchdog->stop_all();
  } else {
    _exit(kExitInterrupted);
  }
}

// While this lives, SIGINT and SIGTERM stop the watchdog's scan.
class InterruptScope {
 public:
  explicit InterruptScope(Watchdog& watchdog) {
    g_watchdog = &watchdog;
    struct sigaction action{};
    action.sa_handler = on_interrupt;  // without SA_RESTART: read(2) must return
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
  }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
  ~InterruptScope() { g_watchdog = nullptr; }
};

// What could not even be opened is told at once, whatever the report's format.
void tell_unreadable(const ScanResult& result) {
  for (const Gap& gap : result.gaps) {
    if (gap.reason == ParseErrc::unreadable) complain(gap.path + ": " + gap.message, 0);
  }
}

}  // namespace

int run_scan(const Arguments& arguments) {
  if (arguments.verbose) log::set_level(log::Level::debug);
  const auto rules = rules_of(arguments, !arguments.scan.workers);
  if (!rules) return kExitUsage;
  const SourceListing listing = list_sources(arguments.sources, arguments.selection);
  Watchdog watchdog;
  ScanProgress progress;
  const InterruptScope interrupts(watchdog);
  ScanResult result;
  {
    const ProgressLine line(progress, arguments.progress);
    result = scan(listing, *rules, arguments.scan, watchdog, progress);
  }
  if (watchdog.stopped_all()) {
    result.exit_code = kExitInterrupted;
    complain("interrupted", 0);
  }
  tell_sandbox(result.tool);
  tell_unreadable(result);
  if (result.exit_code == kExitNothing) complain("nothing to scan was found", 0);
  if (!write_reports(result, arguments)) return kExitUsage;
  return result.exit_code;
}

}  // namespace assay::cli
