#pragma once

#include <cstdint>

#include "core/error.h"
#include "core/source_reader.h"

// The protobuf wire format (protobuf.dev/programming-guides/encoding), read
// through a window so that payloads are stepped over without being loaded.
namespace assay::onnx {

enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, length = 2, fixed32 = 5 };

// One field of a message. The payload of a varint or fixed field is its number.
struct Field {
  std::uint32_t number = 0;
  Wire wire = Wire::varint;
  std::uint64_t value = 0;        // of varints
  std::uint64_t offset = 0;       // of the tag
  std::uint64_t body_offset = 0;  // of the payload
  std::uint64_t body_size = 0;

  std::uint64_t end() const { return body_offset + body_size; }
  std::uint64_t size() const { return end() - offset; }
};

// The end of a message that ends where the source does.
inline constexpr std::uint64_t kNoEnd = UINT64_MAX;

// Reads a varint of at most 10 bytes.
Parsed<std::uint64_t> read_varint(SourceReader& in);

// Reads the tag (and a varint, or a length) of the next field of a message that
// ends at `end`; `in` then stands at the payload of a length-delimited or fixed
// field, behind a varint. Malformed: groups, field number 0, wire types that do
// not exist, what runs over `end`.
Parsed<Field> read_field(SourceReader& in, std::uint64_t end);

}  // namespace assay::onnx
