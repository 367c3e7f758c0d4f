#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/scan_result.h"
#include "scanner/policy/policy.h"

namespace assay::policy {

// A suppression counts until the end of its last day (UTC).
bool is_expired(const Suppression& suppression, std::int64_t now);

// Moves those of `findings` that the policy sets aside to `result.suppressed`, with the
// reason as evidence. A pattern that fits a file fits what is inside it too. `findings`
// may be those of `result`.
void suppress(const Policy& policy, std::int64_t now, ScanResult& result,
              std::vector<Finding>& findings);

}  // namespace assay::policy
