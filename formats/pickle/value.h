#pragma once

#include <bit>
#include <cstdint>

namespace assay::pickle {

// What kind of object an unpickler would have in this place.
enum class Kind : std::uint8_t {
  unknown,
  none,
  boolean,
  integer,        // fits 64 bits: `data`
  big_integer,    // a number of which only this is known; `data`: offset of its opcode, or 0
  real,           // `data`: bits of the double
  string,         // str; `data`: offset of its opcode, `detail`: id in the string pool or 0
  bytes,          // as string
  bytearray,      // as string
  tuple,          // `data`: its node, `detail`: what it holds (HeldSets)
  list,           // `data`: its node
  dict,           // `data`: its node, keys and values in turn
  set,            // `data`: its node
  frozenset,      // `data`: its node, `detail`: what it holds
  global,         // `detail`: id in the table of globals
  result,         // what a call returned; `data`: node of its arguments, `detail`: its origin
  instance,       // as result, when the callee is the object's class
  persistent_id,  // `data`: node with the id as its one item, `detail`: what it holds
  buffer,         // out-of-band
};

// One abstract value of the stack or the memo. A plain 16 bytes: everything
// larger stands in tables that are bounded.
struct Value {
  Kind kind = Kind::unknown;
  std::uint32_t detail = 0;
  std::uint64_t data = 0;

  static Value none() { return {Kind::none, 0, 0}; }
  static Value boolean(bool value) { return {Kind::boolean, 0, value ? 1U : 0U}; }
  static Value integer(std::int64_t value) {
    return {Kind::integer, 0, static_cast<std::uint64_t>(value)};
  }
  static Value real(double value) { return {Kind::real, 0, std::bit_cast<std::uint64_t>(value)}; }

  std::int64_t as_integer() const { return static_cast<std::int64_t>(data); }
  double as_real() const { return std::bit_cast<double>(data); }

  bool is_text() const {
    return kind == Kind::string || kind == Kind::bytes || kind == Kind::bytearray;
  }
  // A value with items of its own in the heap.
  bool has_node() const {
    return (kind >= Kind::tuple && kind <= Kind::frozenset) ||
           (kind >= Kind::result && kind <= Kind::persistent_id);
  }
  bool is_call_result() const { return kind == Kind::result || kind == Kind::instance; }
};
static_assert(sizeof(Value) == 16);

// A value in 8 bytes, for the memo, where there can be millions: kind (5 bits),
// detail (18), data (41). The value of a float or of a very large integer is
// lost, offsets and ids are not.
inline constexpr unsigned kDetailBits = 18;
inline constexpr unsigned kDataBits = 41;

inline std::uint64_t packed(Kind kind, std::uint64_t detail, std::uint64_t data) {
  return static_cast<std::uint64_t>(kind) << (kDetailBits + kDataBits) | detail << kDataBits | data;
}

// By reference: a value just written by its parts is slow to read as a whole.
inline std::uint64_t packed(const Value& value) {
  constexpr std::uint64_t kMaxData = (1ULL << kDataBits) - 1;
  if (value.kind == Kind::real || value.data > kMaxData) [[unlikely]] {
    const bool number = value.kind == Kind::integer || value.kind == Kind::real;
    return packed(number ? Kind::big_integer : Kind::unknown, 0, 0);
  }
  return packed(value.kind, value.detail, value.data);
}

inline Value unpacked(std::uint64_t word) {
  return {static_cast<Kind>(word >> (kDetailBits + kDataBits)),
          static_cast<std::uint32_t>(word >> kDataBits & ((1U << kDetailBits) - 1)),
          word & ((1ULL << kDataBits) - 1)};
}

}  // namespace assay::pickle
