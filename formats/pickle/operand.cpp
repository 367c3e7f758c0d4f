#include "formats/pickle/operand.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <string_view>

#include "core/byte_reader.h"
#include "core/text.h"
#include "formats/pickle/line_forms.h"
#include "formats/pickle/opcode.h"
#include "formats/pickle/python_literal.h"
#include "formats/pickle/text_operand.h"

namespace assay::pickle {
namespace {

// The operands of Lib/pickletools.py, told apart as far as they are read apart.
enum class Form : std::uint8_t {
  none,
  number,  // unsigned, little-endian
  signed32,
  real,     // eight bytes, big-endian
  integer,  // a count and that many bytes of two's complement
  text,     // a count and that many bytes
  line,
  two_lines,
};

struct Operand {
  Form form = Form::none;
  std::uint8_t width = 0;  // of the number or the count
};

Operand operand_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::PROTO:
    case Opcode::BININT1:
    case Opcode::BINPUT:
    case Opcode::BINGET:
    case Opcode::EXT1:
      return {Form::number, 1};
    case Opcode::BININT2:
    case Opcode::EXT2:
      return {Form::number, 2};
    case Opcode::LONG_BINPUT:
    case Opcode::LONG_BINGET:
      return {Form::number, 4};
    case Opcode::FRAME:
      return {Form::number, 8};
    case Opcode::BININT:
    case Opcode::EXT4:
      return {Form::signed32, 4};
    case Opcode::BINFLOAT:
      return {Form::real, 8};
    case Opcode::LONG1:
      return {Form::integer, 1};
    case Opcode::LONG4:
      return {Form::integer, 4};
    case Opcode::SHORT_BINSTRING:
    case Opcode::SHORT_BINBYTES:
    case Opcode::SHORT_BINUNICODE:
      return {Form::text, 1};
    case Opcode::BINSTRING:
    case Opcode::BINBYTES:
    case Opcode::BINUNICODE:
      return {Form::text, 4};
    case Opcode::BINUNICODE8:
    case Opcode::BINBYTES8:
    case Opcode::BYTEARRAY8:
      return {Form::text, 8};
    case Opcode::INT:
    case Opcode::LONG:
    case Opcode::FLOAT:
    case Opcode::GET:
    case Opcode::PUT:
    case Opcode::PERSID:
    case Opcode::STRING:
    case Opcode::UNICODE:
      return {Form::line, 0};
    case Opcode::GLOBAL:
    case Opcode::INST:
      return {Form::two_lines, 0};
    default:
      return {};
  }
}

template <typename Reader>
std::uint64_t read_number(Reader& in, std::uint8_t width) {
  switch (width) {
    case 1:
      return in.u8();
    case 2:
      return in.template le<std::uint16_t>();
    case 4:
      return in.template le<std::uint32_t>();
    default:
      return in.template le<std::uint64_t>();
  }
}

std::string with_size(std::string shown, std::uint64_t size, std::string_view unit) {
  return shown + "... (" + std::to_string(size) + " " + std::string(unit) + ")";
}

std::string repr_of(Opcode opcode, std::string_view text) {
  switch (opcode) {
    case Opcode::BINSTRING:
    case Opcode::SHORT_BINSTRING:
      return repr_latin1(text);
    case Opcode::BINBYTES:
    case Opcode::SHORT_BINBYTES:
    case Opcode::BINBYTES8:
      return repr_bytes(text);
    case Opcode::BYTEARRAY8:
      return repr_bytearray(text);
    default:
      return repr_text(text);
  }
}

std::string text_of(ByteSource& source, std::uint64_t offset, Opcode opcode) {
  TextOperand operand = read_text_operand(source, offset, kShownOperand);
  if (!operand.cut) return repr_of(opcode, operand.text);
  const bool bytes = opcode != Opcode::UNICODE && opcode != Opcode::STRING;
  std::string shown = operand.text;
  // A character that the cut went through is not shown as broken bytes.
  for (int i = 0; i < 3 && !shown.empty() && !is_utf8(shown) && is_utf8(shown.substr(0, 1)); ++i) {
    shown.pop_back();
  }
  return bytes ? with_size(repr_of(opcode, shown), operand.size, "bytes")
               : repr_of(opcode, shown) + "...";
}

std::string integer_text(ByteReader& in, std::uint8_t width) {
  constexpr std::uint64_t kMaxDigits = 64;
  const std::uint64_t size = read_number(in, width);
  if (size > kMaxDigits) return "(" + std::to_string(size) + " byte integer)";
  return repr_integer(in.take(size));
}

std::string value_text(std::optional<Value> value, std::string_view line) {
  if (value && value->kind == Kind::boolean) return value->data ? "True" : "False";
  if (value && value->kind == Kind::integer) return std::to_string(value->as_integer());
  if (value && value->kind == Kind::real) return repr_real(value->as_real());
  if (line.ends_with('L')) line.remove_suffix(1);
  return shortened(line, kShownOperand);
}

std::string line_text(ByteSource& source, std::uint64_t offset, Opcode opcode) {
  if (opcode == Opcode::STRING || opcode == Opcode::UNICODE) {
    return text_of(source, offset, opcode);
  }
  SourceReader in(source, offset + 1, 256);
  Line line;
  if (!read_line(in, line)) return {};
  if (!line.whole()) return "(a line of " + std::to_string(line.size) + " bytes)";
  switch (opcode) {
    case Opcode::INT:
      return value_text(parse_int(line.head), line.head);
    case Opcode::LONG:
      return value_text(parse_long(line.head), line.head);
    case Opcode::FLOAT:
      return value_text(parse_float(line.head), line.head);
    case Opcode::PERSID:
      return repr_text(shortened(line.head, kShownOperand));
    default:
      return std::to_string(parse_index(line.head).value_or(0));
  }
}

// Module and name, of which a person must see all that is there.
std::string two_lines_text(ByteSource& source, std::uint64_t offset) {
  constexpr std::size_t kMaxName = 500;
  SourceReader in(source, offset + 1, 256);
  std::string both;
  for (int i = 0; i < 2; ++i) {
    Line line;
    if (!read_line(in, line)) return {};
    both += (i == 0 ? "" : " ") + shortened(line.head, kMaxName);
  }
  return repr_text(both);
}

constexpr std::uint64_t kAroundWindow = 4096;

// Where the last few opcodes before `offset` stand.
std::deque<std::uint64_t> opcodes_before(ByteSource& source, std::uint64_t sync,
                                         std::uint64_t offset) {
  constexpr std::size_t kBefore = 5;
  constexpr std::uint64_t kFar = 64 * 1024;
  if (sync > offset || offset - sync > kFar) return {};
  SourceReader in(source, sync, kAroundWindow);
  std::deque<std::uint64_t> offsets;
  while (in.offset() < offset) {
    offsets.push_back(in.offset());
    if (offsets.size() > kBefore) offsets.pop_front();
    if (!skip_opcode(in)) return {};
  }
  if (in.offset() != offset) return {};
  return offsets;
}

std::string opcode_line(ByteSource& source, std::uint64_t offset) {
  const ByteView view = source.view(offset, 1);
  if (view.empty()) return {};
  const std::string operand = operand_text(source, offset);
  return std::to_string(offset) + ": " +
         std::string(info_of(std::to_integer<std::uint8_t>(view.bytes()[0])).name) +
         (operand.empty() ? "" : " ") + operand;
}

}  // namespace

std::string operand_text(ByteSource& source, std::uint64_t offset) {
  constexpr std::uint64_t kMaxNumber = 128;
  const ByteView view = source.view(offset, kMaxNumber);
  ByteReader in{view};
  const auto opcode = static_cast<Opcode>(in.u8());
  const Operand operand = operand_of(opcode);
  switch (operand.form) {
    case Form::none:
      return {};
    case Form::number:
      return std::to_string(read_number(in, operand.width));
    case Form::signed32:
      return std::to_string(static_cast<std::int32_t>(in.le<std::uint32_t>()));
    case Form::real:
      return repr_real(std::bit_cast<double>(std::byteswap(in.le<std::uint64_t>())));
    case Form::integer:
      return integer_text(in, operand.width);
    case Form::text:
      return text_of(source, offset, opcode);
    case Form::line:
      return line_text(source, offset, opcode);
    case Form::two_lines:
      return two_lines_text(source, offset);
  }
  return {};
}

bool skip_opcode(SourceReader& in) {
  const std::uint8_t byte = in.u8();
  if (!in.ok() || info_of(byte).name.empty()) return false;
  const auto opcode = static_cast<Opcode>(byte);
  const Operand operand = operand_of(opcode);
  Line line;
  switch (operand.form) {
    case Form::none:
      return true;
    case Form::number:
    case Form::signed32:
    case Form::real:
      in.skip(operand.width);
      return in.ok();
    case Form::integer:
    case Form::text: {
      const std::uint64_t size = read_number(in, operand.width);
      in.skip(size);
      return in.ok();
    }
    case Form::line:
      return read_line(in, line);
    case Form::two_lines:
      return read_line(in, line) && read_line(in, line);
  }
  return false;
}

std::vector<std::string> opcodes_around(ByteSource& source, std::uint64_t sync,
                                        std::uint64_t offset, bool and_after) {
  constexpr int kAfter = 3;
  std::deque<std::uint64_t> offsets = opcodes_before(source, sync, offset);
  SourceReader in(source, offset, kAroundWindow);
  for (int i = 0; i <= (and_after ? kAfter : 0); ++i) {
    const std::uint64_t here = in.offset();
    if (!skip_opcode(in)) break;
    offsets.push_back(here);
  }
  std::vector<std::string> lines;
  for (const std::uint64_t at : offsets) lines.push_back(opcode_line(source, at));
  return lines;
}

}  // namespace assay::pickle
