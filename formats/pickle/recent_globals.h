#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/pickle/tables.h"

namespace assay::pickle {

// The operands of GLOBAL that were resolved last, as they stand in the stream,
// and what they resolved to: a shortcut that may forget anything at any time.
class RecentGlobals {
 public:
  static constexpr std::size_t kMaxSize = 256;

  // kUnknownGlobal if it is not there.
  std::uint32_t find(std::string_view operand, bool renamed) const {
    const Entry& entry = entries_[slot_of(operand)];
    if (entry.renamed != renamed || entry.operand != operand) return Tables::kUnknownGlobal;
    return entry.global;
  }

  void put(std::string_view operand, bool renamed, std::uint32_t global) {
    entries_[slot_of(operand)] = {std::string(operand), renamed, global};
  }

 private:
  struct Entry {
    std::string operand;
    bool renamed = false;
    std::uint32_t global = Tables::kUnknownGlobal;
  };

  static constexpr std::size_t kEntries = 64;

  static std::size_t slot_of(std::string_view operand) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(operand[at]); };
    const std::size_t middle = operand.size() / 2;
    return (operand.size() + byte(0) * 3U + byte(middle) * 5U + byte(operand.size() - 2) * 7U) %
           kEntries;
  }

  std::array<Entry, kEntries> entries_;
};

}  // namespace assay::pickle
