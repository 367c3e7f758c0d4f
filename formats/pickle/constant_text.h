#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/byte_source.h"
#include "formats/pickle/tables.h"

namespace assay::pickle {

// A text that a loader computes from a constant: b64decode(b'...') and its like.
struct ConstantText {
  std::uint64_t offset = 0;  // of the opcode that pushes the constant
  std::string text;          // about `limit` characters of it at most
  bool cut = false;
};

// What a call result is as text, when it comes of a constant through calls that
// only decode, wrap or unpack it (Role::decodes_*, Role::keeps_text). What was
// compressed stays compressed. Nothing if a call on the way is another one.
std::optional<ConstantText> constant_text(Tables& tables, ByteSource& source, Value value,
                                          std::uint64_t limit);

}  // namespace assay::pickle
