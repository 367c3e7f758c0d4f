#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "formats/pickle/intern_table.h"

namespace assay::pickle {

// Which globals an object holds, at any depth: sets of global ids, each set
// stored once and named by a small number. Bounded; once full, new unions lose
// members and overflowed() says so.
class HeldSets {
 public:
  static constexpr std::uint32_t kEmpty = 0;
  static constexpr std::uint32_t kMaxSets = 32'768;
  static constexpr std::size_t kMaxBytes = 4U << 20;

  HeldSets();

  std::uint32_t single(std::uint32_t global) {
    if (global < singles_.size() && singles_[global] != kEmpty) return singles_[global];
    return new_single(global);
  }
  std::uint32_t unite(std::uint32_t a, std::uint32_t b) {
    if (a == b || b == kEmpty) return a;
    return a == kEmpty ? b : united(a, b);
  }
  std::vector<std::uint32_t> members(std::uint32_t set) const;
  bool overflowed() const { return overflowed_; }

 private:
  std::uint32_t new_single(std::uint32_t global);
  std::uint32_t united(std::uint32_t a, std::uint32_t b);
  std::uint32_t intern(std::span<const std::uint32_t> members, std::uint32_t otherwise);

  InternTable sets_{kMaxSets, kMaxBytes};  // each as the bytes of its sorted ids
  std::vector<std::uint32_t> singles_;     // by global; kEmpty: not asked for yet
  std::unordered_map<std::uint64_t, std::uint32_t> unions_;
  bool overflowed_ = false;
};

}  // namespace assay::pickle
