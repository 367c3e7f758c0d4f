#include "formats/pickle/held_sets.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace assay::pickle {
namespace {
constexpr std::size_t kMaxUnions = 131'072;  // remembered; more are computed anew
}

HeldSets::HeldSets() { intern({}, 0); }

std::uint32_t HeldSets::new_single(std::uint32_t global) {
  if (global >= singles_.size()) singles_.resize(global + 1, kEmpty);
  return singles_[global] = intern({{global}}, kEmpty);
}

std::uint32_t HeldSets::united(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t key = static_cast<std::uint64_t>(std::min(a, b)) << 32 | std::max(a, b);
  const auto found = unions_.find(key);
  if (found != unions_.end()) return found->second;
  const auto left = members(a);
  const auto right = members(b);
  std::vector<std::uint32_t> both;
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
  const std::uint32_t set = intern(both, left.size() > right.size() ? a : b);
  if (unions_.size() < kMaxUnions) unions_.emplace(key, set);
  return set;
}

std::vector<std::uint32_t> HeldSets::members(std::uint32_t set) const {
  const std::string_view raw = sets_.text(set);
  std::vector<std::uint32_t> out(raw.size() / sizeof(std::uint32_t));
  if (!out.empty()) std::memcpy(out.data(), raw.data(), raw.size());
  return out;
}

std::uint32_t HeldSets::intern(std::span<const std::uint32_t> members, std::uint32_t otherwise) {
  std::string raw(members.size_bytes(), '\0');
  if (!raw.empty()) std::memcpy(raw.data(), members.data(), raw.size());
  if (const auto id = sets_.intern(raw)) return *id;
  overflowed_ = true;
  return otherwise;
}

}  // namespace assay::pickle
