#include "core/budget.h"

#include <utility>

namespace assay {
namespace {
constexpr std::array<std::string_view, kCostCount> kNames{
    "expanded_bytes", "members", "facts", "fact_bytes", "opcodes", "nodes", "matches"};

std::array<std::uint64_t, kCostCount> amounts(const Limits& limits) {
  return {limits.expanded_bytes, limits.members, limits.facts,  limits.fact_bytes,
          limits.opcodes,        limits.nodes,   limits.matches};
}
}  // namespace

std::string_view to_string(Cost cost) { return kNames.at(std::to_underlying(cost)); }

Budget::Budget(const Limits& limits) : limits_(limits), left_(amounts(limits)) {}

bool Budget::enter() {
  if (depth_ >= limits_.depth || stopped()) {
    depth_exhausted_ = !stopped();
    return false;
  }
  ++depth_;
  return true;
}

void Budget::exhaust(Cost cost) {
  left_[std::to_underlying(cost)] = 0;
  if (!exhausted_) exhausted_ = cost;
}

ParseError Budget::error(std::uint64_t offset) const {
  if (stopped()) return {ParseErrc::timeout, offset, "stopped before the end was reached"};
  if (exhausted_) {
    return {ParseErrc::over_budget, offset,
            "limit reached: " + std::string(to_string(*exhausted_)) + " (" +
                std::to_string(amounts(limits_).at(std::to_underlying(*exhausted_))) +
                " for one file)"};
  }
  return {ParseErrc::over_budget, offset,
          "limit reached: depth (" + std::to_string(limits_.depth) + " levels)"};
}

}  // namespace assay
