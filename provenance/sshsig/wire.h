#pragma once

#include <cstdint>

#include "core/byte_reader.h"

namespace assay::provenance::sshsig {

// A "string" (RFC 4251 §5): its size in 32 bits, big-endian, then its bytes.
inline Bytes take_string(ByteReader& in) { return in.take(in.be<std::uint32_t>()); }

// A positive "mpint" without its sign byte. Numbers that are negative, zero or have
// zeros in front are none: one number has one encoding. Empty then.
inline Bytes take_mpint(ByteReader& in) {
  Bytes number = take_string(in);
  if (number.empty()) return {};
  const auto has_top_bit = [](std::byte b) { return (b & std::byte{0x80}) != std::byte{0}; };
  if (has_top_bit(number.front())) return {};
  if (number.front() != std::byte{0}) return number;
  number = number.subspan(1);
  return number.empty() || !has_top_bit(number.front()) ? Bytes{} : number;
}

}  // namespace assay::provenance::sshsig
