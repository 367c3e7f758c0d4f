#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/source_reader.h"

namespace assay::pickle {

// How many bytes of text an operand is shown with.
inline constexpr std::uint64_t kShownOperand = 80;

// What follows the opcode at `offset` as pickletools shows it: "'os system'",
// "119547037146038801333356"; empty for an opcode without an operand. Long text
// is cut, with its size behind. The opcode must be whole.
std::string operand_text(ByteSource& source, std::uint64_t offset);

// Steps over one opcode and its operand, without minding what it means. False
// when it is none or is cut off.
bool skip_opcode(SourceReader& in);

// The opcodes around the one at `offset`, each as "41: REDUCE": some before it,
// found by walking from `sync`, where one begins, unless that is far, and with
// `and_after` some behind it.
std::vector<std::string> opcodes_around(ByteSource& source, std::uint64_t sync,
                                        std::uint64_t offset, bool and_after);

}  // namespace assay::pickle
