#pragma once

#include <cstdint>
#include <vector>

#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/error.h"

namespace assay::provenance::openpgp {

// RFC 9580 §5
enum class Tag : std::uint8_t {
  signature = 2,
  secret_key = 5,
  public_key = 6,
  secret_subkey = 7,
  marker = 10,
  trust = 12,
  user_id = 13,
  public_subkey = 14,
  user_attribute = 17,
  padding = 21,
};

// `body` points into the input.
struct Packet {
  Tag tag;
  Bytes body;
};

// Splits a sequence of packets in old and new framing (RFC 9580 §4.2). `malformed`: no
// such sequence; `unsupported`: a length that is not given at the front, which only
// packets of data have.
Parsed<std::vector<Packet>> split_packets(Bytes sequence);

// A multiprecision integer (RFC 9580 §3.2). Empty when its count of bits is not exactly
// that of its bytes: one number has one encoding.
Bytes take_mpi(ByteReader& in);

}  // namespace assay::provenance::openpgp
