#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace assay::pickle {

// A set of generations of torch: bit 0 is 1.13, bit 1 is 2.6 and later.
using Versions = std::uint8_t;
inline constexpr Versions kOldTorch = 1;
inline constexpr Versions kNewTorch = 2;
inline constexpr Versions kAllTorch = kOldTorch | kNewTorch;

// What weights_only.tsv says of a global, by the versions that accept it.
struct Allowance {
  Versions named = 0;
  Versions called = 0;        // by REDUCE
  Versions made = 0;          // by NEWOBJ
  Versions built = 0;         // an instance, by BUILD
  Versions filled = 0;        // an instance, by SETITEM and SETITEMS
  std::string_view returned;  // class of what a call returns
};

// The allow list of torch's restricted unpickler.
class AllowList {
 public:
  static const AllowList& of_torch();

  Versions opcode(std::uint8_t opcode) const { return opcodes_[opcode]; }
  // By dotted name; an empty allowance for what is not on the list.
  const Allowance& of(std::string_view name) const;

 private:
  AllowList();
  void add(std::string_view kind, std::string_view name, Versions versions,
           std::string_view returned);

  std::array<Versions, 256> opcodes_{};
  std::map<std::string_view, Allowance> globals_;
};

}  // namespace assay::pickle
