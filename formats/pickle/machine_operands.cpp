#include <algorithm>

#include "core/text.h"
#include "formats/pickle/line_forms.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/nested.h"

namespace assay::pickle {
namespace {

constexpr std::size_t kMaxPooledText = 128;
constexpr std::uint64_t kMaxSize = INT64_MAX;  // PY_SSIZE_T_MAX, over which loaders raise

// Whether a string could be part of a name that is imported.
bool is_name_like(std::string_view text) {
  if (text.empty() || text.size() > kMaxPooledText) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace

bool Machine::truncated(std::uint64_t wanted) {
  if (const auto failed = session_.source.error()) {
    error_ = *failed;
    return false;
  }
  const std::uint64_t size = session_.source.size();
  const std::uint64_t left = size > op_offset_ + 1 ? size - op_offset_ - 1 : 0;
  const std::string_view name =
      opcode_ == Opcode::STOP ? std::string_view("an opcode") : info_of(opcode_).name;
  return error(ParseErrc::truncated, "truncated at byte " + std::to_string(op_offset_) + ": " +
                                         std::string(name) + " needs " + std::to_string(wanted) +
                                         " bytes, " + std::to_string(left) + " left");
}

bool Machine::line(Line& line) {
  if (!read_line(in_, line)) {
    const std::uint64_t size = session_.source.size();
    return truncated(size > op_offset_ ? size - op_offset_ : 1);
  }
  return true;
}

// A line that is a number or a name; no real one is longer than a Line's head.
bool Machine::whole_line(Line& line) {
  if (!this->line(line)) return false;
  if (!line.whole()) return malformed("has an operand of " + std::to_string(line.size) + " bytes");
  return line.size > 0 || malformed("has an empty operand");
}

// A length that loaders read as a signed number.
bool Machine::positive(std::uint32_t size) {
  return size <= INT32_MAX || malformed("has a negative byte count");
}

// The payload is stepped over; of short text that may be a name a copy is kept.
bool Machine::push_counted_text(Kind kind, std::uint64_t size) {
  if (size > kMaxSize) return malformed("has a byte count over 2^63");
  const std::uint64_t payload = in_.offset();
  const bool bytes =
      kind != Kind::string || opcode_ == Opcode::BINSTRING || opcode_ == Opcode::SHORT_BINSTRING;
  Value value{kind, 0, op_offset_};
  if (kind == Kind::string && size <= kMaxPooledText) {
    const std::string_view text = as_text(in_.take(size));
    if (!in_.ok()) return truncated(size);
    if (is_name_like(text)) {
      value.detail = tables_.pool(text);
    } else if (bytes && begins_nested(text)) {
      value.detail = Tables::kNestedText;
    }
    return push(value);
  }
  if (bytes && begins_nested(as_text(in_.peek(std::min(size, kNestedHead))))) {
    value.detail = Tables::kNestedText;
  }
  in_.skip(size);
  if (!in_.ok()) return truncated(size);
  if (size >= CodeRegions::kLargePayload && bytes) {
    value.detail |= Tables::kLargeText;
    session_.code.leave_out(payload, size);
  }
  return push(value);
}

bool Machine::push_line_text(Opcode opcode) {
  Line line;
  if (!this->line(line)) return false;
  Value value{Kind::string, 0, op_offset_};
  if (!line.whole()) return push(value);
  std::optional<std::string> text;
  if (opcode == Opcode::STRING) {
    const auto inner = strip_quotes(line.head);
    if (!inner) return malformed("has an operand without matching quotes");
    text = unescape_string(*inner);
  } else {
    text = unescape_unicode(line.head);
  }
  if (!text) return malformed("has a bad escape in its operand");
  if (is_name_like(*text)) value.detail = tables_.pool(*text);
  return push(value);
}

bool Machine::push_number_line(Opcode opcode) {
  Line line;
  if (!this->line(line)) return false;
  if (!line.whole()) return push({Kind::big_integer, 0, 0});
  auto value = opcode == Opcode::INT    ? parse_int(line.head)
               : opcode == Opcode::LONG ? parse_long(line.head)
                                        : parse_float(line.head);
  if (value && value->kind == Kind::big_integer) value->data = op_offset_;
  return value ? push(*value) : malformed("has an operand that is no number");
}

// Little-endian two's complement of any length.
bool Machine::push_long(std::uint64_t size) {
  if (size > sizeof(std::uint64_t)) {
    in_.skip(size);
    return in_.ok() ? push({Kind::big_integer, 0, op_offset_}) : truncated(size);
  }
  const Bytes digits = in_.take(size);
  if (!in_.ok()) return truncated(size);
  std::uint64_t value = size > 0 && (digits[size - 1] & std::byte{0x80}) != std::byte{} ? ~0ULL : 0;
  for (std::size_t i = digits.size(); i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(digits[i]);
  }
  return push(Value::integer(static_cast<std::int64_t>(value)));
}

bool Machine::memo_line(Opcode opcode) {
  Line line;
  if (!whole_line(line)) return false;
  const auto index = parse_index(line.head);
  if (!index) return malformed("has an operand that is no memo index");
  return opcode == Opcode::PUT ? put(*index) : get(*index);
}

// Loaders read PROTO anywhere and as often as it comes; the last one decides
// whether names are renamed.
bool Machine::protocol(std::uint8_t version) {
  constexpr int kHighest = 5;
  if (version > kHighest) return malformed("names protocol " + std::to_string(version));
  if (op_offset_ != start_) {
    session_.anomaly_once(
        op_offset_, 2, "pickle.repeated-proto",
        "a PROTO stands within the pickle, naming protocol " + std::to_string(version));
  }
  protocol_ = version;
  highest_protocol_ = std::max(highest_protocol_, protocol_);
  session_.protocol = std::max(session_.protocol, protocol_);
  return true;
}

bool Machine::frame(std::uint64_t size) {
  if (size > kMaxSize) return malformed("has a byte count over 2^63");
  if (frame_end_ != UINT64_MAX && frame_end_ > op_offset_) check_frame();
  // A frame may run past the end of the source: the C unpickler refuses it
  // there, the Python one reads on.
  frame_end_ = size > kMaxSize - in_.offset() ? kMaxSize : in_.offset() + size;
  return true;
}

}  // namespace assay::pickle
