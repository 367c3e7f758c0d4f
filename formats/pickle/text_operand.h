#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/byte_source.h"
#include "core/source_reader.h"

namespace assay::pickle {

// A line operand without its newline. `head` is the whole of it, or the first
// kMaxHead bytes of a longer one; it is good until the next read.
struct Line {
  static constexpr std::uint64_t kMaxHead = 64 * 1024;

  std::uint64_t size = 0;
  std::string_view head;
  bool whole() const { return head.size() == size; }
};

// Reads up to the next newline, which is consumed; false when it never comes.
bool read_line(SourceReader& in, Line& line);

// The text of an opcode that pushes str, bytes or bytearray.
struct TextOperand {
  std::uint64_t offset = 0;  // of the payload in the artifact
  std::uint64_t size = 0;    // of the payload as it is stored
  std::string text;          // decoded; the front only when `cut`
  bool cut = false;
  bool escaped = false;  // the stored form differs from the text
};

// Reads the operand of the text opcode at `offset` once more: a value keeps the
// offset, not the text. At most about `limit` bytes of text.
TextOperand read_text_operand(ByteSource& source, std::uint64_t offset, std::uint64_t limit);

// Whether the text opcode at `offset` spells characters, escaped or in UTF-8, and
// not bytes.
bool is_characters(ByteSource& source, std::uint64_t offset);

}  // namespace assay::pickle
