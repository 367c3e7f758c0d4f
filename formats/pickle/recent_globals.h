#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
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
    const std::size_t size = size_of_two_lines(ahead);
    const auto global = size == 0 ? Tables::kUnknownGlobal : find(ahead.substr(0, size), renamed);
    if (global == Tables::kUnknownGlobal) return std::nullopt;
    return Ahead{global, size};
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

  // 0 if they do not end. Eight bytes at a time: a function that finds one byte costs
  // more to call than these lines are long.
  static std::size_t size_of_two_lines(std::string_view ahead) {
    constexpr std::uint64_t kEnds = 0x0a0a0a0a0a0a0a0a;
    constexpr std::uint64_t kLow = 0x7f7f7f7f7f7f7f7f;
    bool in_name = false;
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= ahead.size(); at += sizeof(std::uint64_t)) {
      const std::uint64_t word = little_endian(ahead.data() + at) ^ kEnds;
      std::uint64_t ends = ~(((word & kLow) + kLow) | word | kLow);  // its zero bytes
      if (ends == 0) continue;
      if (!in_name) ends &= ends - 1;
      in_name = true;
      if (ends != 0) return at + static_cast<std::size_t>(std::countr_zero(ends)) / 8 + 1;
    }
    for (; at < ahead.size(); ++at) {
      if (ahead[at] != '\n') continue;
      if (in_name) return at + 1;
      in_name = true;
    }
    return 0;
  }

  static std::uint64_t little_endian(const char* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return std::endian::native == std::endian::little ? word : std::byteswap(word);
  }

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
