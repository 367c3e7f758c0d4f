#include "core/evidence.h"

#include <algorithm>

namespace assay::provenance {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::warned:
      return "warned";
    case Outcome::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(CoverageState state) {
  switch (state) {
    case CoverageState::covered:
      return "covered";
    case CoverageState::changed:
      return "changed";
    case CoverageState::missing:
      return "missing";
    case CoverageState::extra:
      return "extra";
    case CoverageState::excluded_by_signer:
      return "excluded-by-signer";
    case CoverageState::excluded_by_default:
      return "excluded-by-default";
    case CoverageState::excluded_by_user:
      return "excluded-by-user";
    case CoverageState::not_covered:
      return "not-covered";
    case CoverageState::weights_absent:
      break;
  }
  return "weights-absent";
}

void Checks::pass(std::string_view name, std::string message) {
  list_.push_back({std::string(name), Outcome::passed, std::move(message)});
}

void Checks::fail(std::string_view name, std::string message) {
  list_.push_back({std::string(name), Outcome::failed, std::move(message)});
}

void Checks::warn(std::string_view name, std::string message) {
  list_.push_back({std::string(name), Outcome::warned, std::move(message)});
}

void Checks::cannot(std::string_view name, std::string message) {
  list_.push_back({std::string(name), Outcome::unknown, std::move(message)});
}

void Checks::append(const Checks& others) {
  list_.insert(list_.end(), others.list_.begin(), others.list_.end());
}

const Check* Checks::first(Outcome outcome) const {
  const auto found = std::ranges::find(list_, outcome, &Check::outcome);
  return found == list_.end() ? nullptr : &*found;
}

bool outcome_from(std::string_view word, Outcome& outcome) {
  for (const Outcome known :
       {Outcome::passed, Outcome::failed, Outcome::warned, Outcome::unknown}) {
    outcome = known;
    if (to_string(known) == word) return true;
  }
  return false;
}

bool coverage_state_from(std::string_view word, CoverageState& state) {
  for (int i = 0; i <= static_cast<int>(CoverageState::weights_absent); ++i) {
    state = static_cast<CoverageState>(i);
    if (to_string(state) == word) return true;
  }
  return false;
}

std::string_view Evidence::state() const {
  if (checks.has(Outcome::failed)) return "rejected";
  if (checks.has(Outcome::unknown)) return "unchecked";
  if (!signer) return "matches";
  return signer_checked ? "verified" : "signed";
}

}  // namespace assay::provenance
