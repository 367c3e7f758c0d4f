#pragma once

#include <array>
#include <cstdint>
#include <optional>
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

  struct Ahead {
    std::uint32_t global = Tables::kUnknownGlobal;
    std::size_t size = 0;  // of the operand
  };
  // The same for what begins with an operand.
  std::optional<Ahead> find_ahead(std::string_view ahead, bool renamed) const {
    const std::size_t module_end = ahead.find('\n');
    if (module_end == ahead.npos) return std::nullopt;
    const std::size_t name_end = ahead.find('\n', module_end + 1);
    if (name_end == ahead.npos) return std::nullopt;
    const auto global = find(ahead.substr(0, name_end + 1), renamed);
    if (global == Tables::kUnknownGlobal) return std::nullopt;
    return Ahead{global, name_end + 1};
  }

  // The same for STACK_GLOBAL, whose operands are strings of the pool or are not here.
  std::uint32_t find(Value module, Value name, bool renamed) const {
    const Pair& pair = pairs_[slot_of(module, name)];
    const bool same = pair.module == module.detail && pair.name == name.detail &&
                      pair.renamed == renamed && module.kind == Kind::string &&
                      name.kind == Kind::string;
    return same ? pair.global : Tables::kUnknownGlobal;
  }
  void put(Value module, Value name, bool renamed, std::uint32_t global) {
    pairs_[slot_of(module, name)] = {module.detail, name.detail, renamed, global};
  }

 private:
  struct Pair {
    std::uint32_t module = 0;
    std::uint32_t name = 0;
    bool renamed = false;
    std::uint32_t global = Tables::kUnknownGlobal;
  };
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

  static std::size_t slot_of(Value module, Value name) {
    return (module.detail * 31U + name.detail) % kEntries;
  }

  std::array<Entry, kEntries> entries_;
  std::array<Pair, kEntries> pairs_;
};

}  // namespace assay::pickle
