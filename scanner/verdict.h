#pragma once

#include <optional>

#include "core/scan_result.h"

namespace assay {

// What a user asks of a scan before its findings become an exit code.
struct VerdictOptions {
  std::optional<Severity> fail_on = Severity::high;  // nothing: findings never fail
  bool allow_incomplete = false;                     // gaps alone do not fail
};

// Exit codes of CONTRACT §3.
inline constexpr int kExitPass = 0;
inline constexpr int kExitFail = 1;
inline constexpr int kExitIncomplete = 2;
inline constexpr int kExitNothing = 3;
inline constexpr int kExitUsage = 4;
inline constexpr int kExitInterrupted = 130;

// Sets the status of every artifact from the findings and gaps below it, sorts
// findings and gaps, fills summary, verdict and exit code.
void decide(ScanResult& result, const VerdictOptions& options);

}  // namespace assay
