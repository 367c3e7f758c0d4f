#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/budget.h"
#include "core/error.h"

namespace assay::npy {

enum class LiteralKind : std::uint8_t { string, integer, boolean, tuple, list, dict };

// One value of a Python literal. A dict's children are key, value, key, value...
struct Literal {
  LiteralKind kind = LiteralKind::string;
  std::string text;          // of a string, unescaped
  std::uint64_t number = 0;  // of an integer or a boolean
  std::size_t begin = 0;     // the value's own text: [begin, end)
  std::size_t end = 0;
  std::vector<std::size_t> children;  // indexes, each larger than this one's own
};

// The part of Python's literals that numpy writes into headers: strings, decimal
// integers (with Python 2's L), True and False, tuples, lists and dicts of them.
// The whole is value 0. Anything else is malformed; so is what nests deeper than
// kMaxDepth. Blanks and one newline may follow, as numpy pads.
Parsed<std::vector<Literal>> parse_literal(std::string_view text, Budget& budget);

inline constexpr std::size_t kMaxDepth = 64;

}  // namespace assay::npy
