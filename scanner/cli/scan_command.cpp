#include <unistd.h>

#include <atomic>
#include <csignal>
#include <utility>

#include "scanner/cli/attest.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/policy_scan.h"
#include "scanner/cli/terminal.h"
#include "scanner/cli/trust.h"
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

std::optional<ScanOptions> options_of(const Arguments& arguments) {
  ScanOptions options = arguments.scan;
  ProvenanceOptions& provenance = options.provenance;
  auto trust = trust_of(arguments.trust);
  if (!trust) return std::nullopt;
  provenance.check = true;
  provenance.trust = std::move(*trust);
  if (!arguments.trust.required.empty()) {
    provenance.trust.expected = required_signer(arguments.trust.required);
    if (!provenance.trust.expected) {
      complain("--require-signature: expected IDENTITY@ISSUER", 0);
      return std::nullopt;
    }
  }
  provenance.require_signature = provenance.trust.expected ||
                                 !provenance.trust.public_key.empty() ||
                                 !provenance.trust.anchors.empty();
  return options;
}

}  // namespace

int run_scan(const Arguments& arguments) {
  if (arguments.verbose) log::set_level(log::Level::debug);
  auto options = options_of(arguments);
  const auto rules = rules_of(arguments, !arguments.scan.workers);
  if (!rules || !options) return kExitUsage;
  const auto policy = PolicyScan::prepare(arguments, *rules);
  if (!policy) return kExitUsage;
  policy->configure(*options);
  const AttestOptions& attest = arguments.attest;
  const auto key = attest.key.empty()
                       ? std::nullopt
                       : read_signing_key(attest.key, attest.password_file, attest.chain);
  if (!attest.key.empty() && !key) return kExitUsage;
  const SourceListing listing = list_sources(arguments.sources, arguments.selection);
  Watchdog watchdog;
  ScanProgress progress;
  const InterruptScope interrupts(watchdog);
  ScanResult result;
  {
    const ProgressLine line(progress, arguments.progress);
    result = scan(listing, *rules, *options, watchdog, progress);
  }
  if (watchdog.stopped_all()) {
    result.exit_code = kExitInterrupted;
    complain("interrupted", 0);
  }
  if (!watchdog.stopped_all() && !policy->write_lock()) return kExitUsage;
  tell_sandbox(result.tool);
  tell_unreadable(result);
  if (result.exit_code == kExitNothing) complain("nothing to scan was found", 0);
  if (!write_reports(result, arguments)) return kExitUsage;
  if (key && result.exit_code != kExitNothing && result.exit_code != kExitInterrupted &&
      !write_attestations(result, *key, arguments.attest.prefix)) {
    return kExitUsage;
  }
  return result.exit_code;
}

}  // namespace assay::cli
