#include <algorithm>
#include <array>

#include "core/text.h"
#include "formats/pickle/line_forms.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/nested.h"

namespace assay::pickle {
namespace {

constexpr std::uint64_t kMaxSize = INT64_MAX;  // PY_SSIZE_T_MAX, over which loaders raise

// What a byte may be in a dotted name: 0 nothing, 1 a part's first, 2 another, 3 a dot.
constexpr std::array<std::uint8_t, 256> kNameBytes = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const unsigned letter = c | 0x20;
    if ((letter >= 'a' && letter <= 'z') || c == '_' || c >= 0x80) table[c] = 1;
    if (c >= '0' && c <= '9') table[c] = 2;
    if (c == '.') table[c] = 3;
  }
  return table;
}();

// Whether a string could be a dotted name that is imported, or part of one. No part
// begins with a digit: the keys of a state dict ("layers.0.weight") are none.
bool is_name_like(std::string_view text) {
  std::uint8_t last = 3;
  for (const char c : text) {
    const std::uint8_t kind = kNameBytes[static_cast<unsigned char>(c)];
    if (kind == 0 || (last == 3 && kind == 2)) return false;
    last = kind;
  }
  return !text.empty();
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

// What a value says of a text of at most kMaxPooledText bytes, whose opcode is at `offset`.
std::uint32_t Machine::text_detail(Kind kind, bool binary, std::string_view text,
                                   std::uint64_t offset) {
  const bool is_short = kind == Kind::string && text.size() <= ShortTexts::kMaxSize;
  if (is_short) {
    if (const auto known = session_.short_texts.find(text)) return *known;
  }
  if (text.size() >= CodeRegions::kLeastText) session_.code.note(offset, text.size());
  const bool stands = may_stand_for_artifact(text);
  if (stands) session_.note_standing(offset);
  if (kind != Kind::string || !is_name_like(text)) {
    return stands && binary && begins_nested(text) ? Tables::kNestedText : 0;
  }
  const std::uint32_t detail = tables_.pool(text);
  if (is_short && !stands) session_.short_texts.put(text, detail);
  return detail;
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
    value.detail = text_detail(kind, bytes, text, op_offset_);
    return push(value);
  }
  const bool is_array = size >= CodeRegions::kLargePayload && bytes;
  if (size >= CodeRegions::kLeastText && !is_array) session_.code.note(op_offset_, size);
  const std::string_view head = as_text(in_.peek(std::min(size, kNestedHead)));
  if (may_stand_for_artifact(head)) {
    session_.note_standing(op_offset_);
    if (bytes && begins_nested(head)) value.detail = Tables::kNestedText;
  }
  in_.skip(size);
  if (!in_.ok()) return truncated(size);
  if (is_array) {
    value.detail |= Tables::kLargeText;
    session_.code.leave_out(payload, size);
  }
  return push(value);
}

bool Machine::push_line_text(Opcode opcode) {
  Line line;
  if (!this->line(line)) return false;
  Value value{Kind::string, 0, op_offset_};
  if (!line.whole()) {
    session_.code.note(op_offset_, line.size);
    note_standing(read_text_operand(session_.source, op_offset_, kNestedHead).text, op_offset_);
    return push(value);
  }
  std::optional<std::string> text;
  if (opcode == Opcode::STRING) {
    const auto inner = strip_quotes(line.head);
    if (!inner) return malformed("has an operand without matching quotes");
    text = unescape_string(*inner);
  } else {
    text = unescape_unicode(line.head);
  }
  if (!text) return malformed("has a bad escape in its operand");
  if (text->size() <= kMaxPooledText) {
    value.detail = text_detail(Kind::string, false, *text, op_offset_);
  } else {
    session_.code.note(op_offset_, line.size);
    note_standing(*text, op_offset_);
  }
  return push(value);
}

// Behind a NUL may stand whatever: loaders do not look at it.
void Machine::note_odd_number(const Line& line) {
  constexpr std::uint64_t kLongNumber = 20;
  if (line.size >= kLongNumber || line.head.contains('\0')) {
    session_.code.note(op_offset_, line.size);
  }
}

bool Machine::push_number_line(Opcode opcode) {
  Line line;
  if (!this->line(line)) return false;
  note_odd_number(line);
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
    session_.code.note(op_offset_, size);
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
  note_odd_number(line);
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
    session_.anomaly_once(op_offset_, 2, "pickle.repeated-proto", [&] {
      return "a PROTO stands within the pickle, naming protocol " + std::to_string(version);
    });
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
