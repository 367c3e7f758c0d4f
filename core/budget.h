#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"

namespace assay {

// What a file may make us spend. Each is counted over one file and everything
// inside it, so the same file always stops at the same place.
enum class Cost : std::uint8_t {
  expanded_bytes,  // bytes that came out of a decompressor
  members,         // archive members, at any depth
  facts,           // facts kept
  fact_bytes,      // bytes that they take, about, with the paths of members
  opcodes,         // pickle opcodes walked
  nodes,           // JSON values, protobuf messages, tree nodes of any format
  matches,         // YARA matches
};
inline constexpr std::size_t kCostCount = 7;

std::string_view to_string(Cost cost);

// The configuration of a scan. Defaults and their reasons: docs/limits.md.
struct Limits {
  std::uint64_t expanded_bytes = 16ULL << 30;
  std::uint64_t members = 100'000;
  std::uint64_t facts = 250'000;
  std::uint64_t fact_bytes = 64ULL << 20;  // of all text in them and of members' paths
  std::uint64_t gaps = 10'000;     // what was not examined, told one by one
  std::uint64_t opcodes = 4'000'000'000;
  std::uint64_t nodes = 20'000'000;
  std::uint64_t matches = 10'000;
  std::uint64_t depth = 16;        // archives inside archives, pickles inside pickles
  std::uint64_t ratio = 200;       // expanded bytes per stored byte ...
  std::uint64_t ratio_floor = 256ULL << 20;  // ... once this much came out
  std::uint64_t text_size = 4096;  // of any text copied into a fact
  // Set by the engine's clock or by Ctrl-C: every budget that sees it is empty.
  const std::atomic<bool>* stop = nullptr;
};

// What is left of the limits. One budget goes down the whole recursion of one
// file. Counts work, never time. Not thread-safe: a file has one thread.
class Budget {
 public:
  explicit Budget(const Limits& limits = {});

  // False, and from then on for ever, when `cost` has less than `amount` left
  // or when the engine said stop.
  bool spend(Cost cost, std::uint64_t amount = 1) {
    std::uint64_t& left = left_[static_cast<std::size_t>(cost)];
    if (amount > left || stopped()) [[unlikely]] {
      exhaust(cost);
      return false;
    }
    left -= amount;
    return true;
  }

  // True while the engine lets the file go on.
  bool stopped() const { return limits_.stop && limits_.stop->load(std::memory_order_relaxed); }

  std::uint64_t left(Cost cost) const { return left_[static_cast<std::size_t>(cost)]; }
  const Limits& limits() const { return limits_; }

  // One level of nesting, given back by leave(). False at the limit.
  bool enter();
  void leave() { --depth_; }
  std::uint64_t depth() const { return depth_; }

  // What ran out first, as a parser returns it: over_budget with the name and
  // the value of the limit, or timeout when the engine said stop.
  ParseError error(std::uint64_t offset) const;

 private:
  void exhaust(Cost cost);

  Limits limits_;
  std::array<std::uint64_t, kCostCount> left_{};
  std::uint64_t depth_ = 0;
  std::optional<Cost> exhausted_;
  bool depth_exhausted_ = false;
};

// One level of nesting for the length of a scope. Test it before going deeper.
class DepthScope {
 public:
  explicit DepthScope(Budget& budget) : budget_(budget), entered_(budget.enter()) {}
  DepthScope(const DepthScope&) = delete;
  DepthScope& operator=(const DepthScope&) = delete;
  ~DepthScope() {
    if (entered_) budget_.leave();
  }
  explicit operator bool() const { return entered_; }

 private:
  Budget& budget_;
  bool entered_;
};

}  // namespace assay
