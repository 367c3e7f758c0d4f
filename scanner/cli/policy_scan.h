#pragma once

#include <memory>
#include <optional>

#include "scanner/cli/arguments.h"

namespace assay::cli {

// What --policy and --lock do to a scan. Without either it does nothing.
class PolicyScan {
 public:
  // Reads the files; nothing when one is not as it should be, which has been said then.
  // `rules` must outlive the scan.
  static std::optional<PolicyScan> prepare(const Arguments& arguments, const Rules& rules);

  // The policy's thresholds and signers, and its evaluation before the verdict. The
  // options must not outlive this.
  void configure(ScanOptions& options) const;

  // After the scan: writes the lock if that was asked for. False when it could not be
  // written, which has been said then.
  bool write_lock() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace assay::cli
