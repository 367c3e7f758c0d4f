#include "core/scan_result.h"

#include <algorithm>
#include <array>

namespace assay {

std::string_view provenance_state(const std::vector<EvidenceRecord>& records) {
  constexpr std::array<std::string_view, 5> kByWeight{"rejected", "verified", "signed", "matches",
                                                      "unchecked"};
  for (const std::string_view state : kByWeight) {
    const bool any = std::ranges::any_of(
        records, [&](const EvidenceRecord& record) { return record.evidence.state() == state; });
    if (any) return state;
  }
  return "none";
}

}  // namespace assay
