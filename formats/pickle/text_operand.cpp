#include "formats/pickle/text_operand.h"

#include <algorithm>
#include <cstring>

#include "core/byte_reader.h"
#include "formats/pickle/line_forms.h"
#include "formats/pickle/opcode.h"

namespace assay::pickle {
namespace {

constexpr std::uint64_t kFirstPeek = 256;

// The bytes before the next newline within `size` bytes from the cursor, or npos.
std::size_t find_newline(Bytes bytes) {
  const void* found = bytes.empty() ? nullptr : std::memchr(bytes.data(), '\n', bytes.size());
  if (!found) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
}

// A line too long to be held: its front is gone by the time its end is found.
bool skip_long_line(SourceReader& in, Line& line) {
  const std::uint64_t start = in.offset();
  for (;;) {
    const Bytes block = in.peek(Line::kMaxHead);
    if (block.empty()) {
      in.take(1);  // sets the error
      return false;
    }
    const std::size_t newline = find_newline(block);
    if (newline == std::string_view::npos) {
      in.skip(block.size());
      continue;
    }
    in.skip(newline);
    line = {.size = in.offset() - start, .head = {}};
    in.skip(1);
    return true;
  }
}

// How many bytes of operand the payload opcodes keep their length in.
std::size_t length_width(Opcode opcode) {
  switch (opcode) {
    case Opcode::SHORT_BINSTRING:
    case Opcode::SHORT_BINBYTES:
    case Opcode::SHORT_BINUNICODE:
      return 1;
    case Opcode::BINSTRING:
    case Opcode::BINBYTES:
    case Opcode::BINUNICODE:
      return 4;
    case Opcode::BINUNICODE8:
    case Opcode::BINBYTES8:
    case Opcode::BYTEARRAY8:
      return 8;
    default:
      return 0;
  }
}

std::uint64_t read_length(ByteReader& in, std::size_t width) {
  if (width == 1) return in.u8();
  return width == 4 ? in.le<std::uint32_t>() : in.le<std::uint64_t>();
}

void decode_line(TextOperand& operand, Opcode opcode, std::string_view line) {
  if (opcode == Opcode::STRING && !line.empty()) {
    line.remove_prefix(1);
    if (!operand.cut && !line.empty()) line.remove_suffix(1);
  }
  const auto decoded = opcode == Opcode::STRING ? unescape_string(line) : unescape_unicode(line);
  operand.text = decoded ? *decoded : std::string(line);  // cut within an escape
  operand.escaped = operand.text != line;
}

constexpr std::uint64_t kMaxHeader = 9;
constexpr std::uint64_t kMaxText = 4U << 20;

// About how many bytes the operand at `offset` takes, at most `limit`. A source may
// read all that it is asked for: a thousand short texts must not cost a thousand limits.
std::uint64_t extent_of(ByteSource& source, std::uint64_t offset, std::uint64_t limit) {
  const ByteView head = source.view(offset, kMaxHeader);
  ByteReader in{head, offset};
  const std::size_t width = length_width(static_cast<Opcode>(in.u8()));
  if (width > 0) return std::min(read_length(in, width), limit);
  for (std::uint64_t size = kFirstPeek; size < limit; size *= 4) {
    const ByteView front = source.view(offset, kMaxHeader + size);
    const bool is_all = front.size() < kMaxHeader + size;
    if (is_all || find_newline(front.bytes()) != std::string_view::npos) return size;
  }
  return limit;
}

}  // namespace

bool read_line(SourceReader& in, Line& line) {
  for (std::uint64_t size = kFirstPeek; size <= Line::kMaxHead; size *= 16) {
    const Bytes head = in.peek(size);
    const std::size_t newline = find_newline(head);
    if (newline == std::string_view::npos) continue;
    const Bytes taken = in.take(newline + 1);
    line = {.size = newline, .head = as_text(taken).substr(0, newline)};
    return true;
  }
  return skip_long_line(in, line);
}

bool is_characters(ByteSource& source, std::uint64_t offset) {
  const ByteView view = source.view(offset, 1);
  if (view.empty()) return true;
  switch (const auto opcode = static_cast<Opcode>(view.bytes()[0])) {
    case Opcode::SHORT_BINUNICODE:
    case Opcode::BINUNICODE:
    case Opcode::BINUNICODE8:
      return true;
    default:
      return length_width(opcode) == 0;
  }
}

TextOperand read_text_operand(ByteSource& source, std::uint64_t offset, std::uint64_t limit) {
  // An escape spends up to ten bytes on one character, at most six of them for
  // the longest sequence that matters.
  const std::uint64_t extent = extent_of(source, offset, std::min(limit, kMaxText));
  const ByteView view = source.view(offset, kMaxHeader + extent);
  ByteReader in{view, offset};
  TextOperand operand;
  const auto opcode = static_cast<Opcode>(in.u8());
  if (const std::size_t width = length_width(opcode)) {
    operand.size = read_length(in, width);
    operand.offset = in.offset();
    const Bytes payload = in.peek(std::min(operand.size, limit));
    operand.cut = payload.size() < operand.size;
    operand.text = as_text(payload);
    return operand;
  }
  operand.offset = in.offset();
  const Bytes rest = in.peek(limit);
  const std::size_t newline = find_newline(rest);
  operand.cut = newline == std::string_view::npos;
  operand.size = operand.cut ? rest.size() : newline;
  decode_line(operand, opcode, as_text(rest.first(static_cast<std::size_t>(operand.size))));
  return operand;
}

}  // namespace assay::pickle
