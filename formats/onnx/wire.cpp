#include "formats/onnx/wire.h"

#include <limits>
#include <string>

namespace assay::onnx {
namespace {

constexpr std::size_t kMaxVarintSize = 10;
constexpr std::uint64_t kMaxTag = std::numeric_limits<std::uint32_t>::max();

std::unexpected<ParseError> malformed(std::uint64_t offset, std::string message) {
  return fail(ParseErrc::malformed, offset, std::move(message));
}

bool is_wire(std::uint64_t type) { return type <= 2 || type == 5; }

}  // namespace

Parsed<std::uint64_t> read_varint(SourceReader& in) {
  const std::uint64_t start = in.offset();
  const Bytes bytes = in.peek(kMaxVarintSize);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(bytes[i]);
    if (i == kMaxVarintSize - 1 && byte > 1) break;  // more than 64 bits
    value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      in.skip(i + 1);
      return value;
    }
  }
  if (bytes.size() == kMaxVarintSize) return malformed(start, "a varint of more than 64 bits");
  in.take(bytes.size() + 1);  // says what is missing
  if (const auto& error = in.error()) return std::unexpected(*error);
  return malformed(start, "a varint that does not end");
}

Parsed<Field> read_field(SourceReader& in, std::uint64_t end) {
  Field field{.offset = in.offset()};
  const auto tag = read_varint(in);
  if (!tag) return std::unexpected(tag.error());
  if (*tag > kMaxTag || *tag >> 3 == 0 || !is_wire(*tag & 7)) {
    return malformed(field.offset, "tag " + std::to_string(*tag) + " starts no protobuf field");
  }
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  field.wire = static_cast<Wire>(*tag & 7);
  field.body_offset = in.offset();
  if (field.wire == Wire::varint || field.wire == Wire::length) {
    const auto value = read_varint(in);
    if (!value) return std::unexpected(value.error());
    field.value = *value;
    field.body_size = in.offset() - field.body_offset;
  } else {
    field.body_size = field.wire == Wire::fixed64 ? 8 : 4;
  }
  if (field.wire == Wire::length) {
    field.body_offset = in.offset();
    field.body_size = field.value;
  }
  if (field.body_offset > end || field.body_size > end - field.body_offset) {
    return malformed(field.offset, "field " + std::to_string(field.number) + " of " +
                                       std::to_string(field.body_size) +
                                       " bytes runs over the end of its message");
  }
  return field;
}

}  // namespace assay::onnx
