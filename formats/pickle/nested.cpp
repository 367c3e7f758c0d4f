#include "formats/pickle/nested.h"

#include "core/bytes.h"
#include "core/text.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/torch_legacy.h"

// Artifacts that stand in the arguments of calls: what is given to a loader, as
// torch.storage._load_from_bytes, runs as this pickle does.
namespace assay::pickle {
namespace {

bool begins_zlib(std::string_view head) {
  if (head.size() < 2 || head[0] != '\x78') return false;
  const auto check = static_cast<unsigned char>(head[1]);
  return (0x78U << 8 | check) % 31 == 0 && (check & 0x20) == 0;  // RFC 1950, 2.2
}

}  // namespace

bool begins_nested(std::string_view head) {
  if (head.size() < 2) return false;
  if (head[0] == '\x80') return head[1] >= 2 && head[1] <= 5;
  return head.starts_with("PK\x03\x04") || head.starts_with("\x1f\x8b") || begins_zlib(head) ||
         head.starts_with(kMagicLine);
}

// Texts among the arguments, or in a container there, that look like an artifact;
// all of them when the callee is one that loads them.
void Machine::examine_payloads(std::span<const Value> arguments, bool loaded) {
  if (!session_.context) return;
  const auto look_at = [&](Value value) {
    if (loaded ? value.is_text() : Tables::has_flag(value, Tables::kNestedText)) {
      examine(value, loaded);
    }
  };
  for (const Value argument : arguments) {
    look_at(argument);
    if (!argument.has_node() || argument.is_call_result()) continue;
    for (const Value item : tables_.items(argument)) look_at(item);
  }
}

// What nobody is known to load may look like an artifact by chance.
void Machine::examine(Value text, bool loaded) {
  constexpr std::uint64_t kMaxEscaped = 1U << 20;
  if (session_.examined.contains({text.data, loaded})) return;
  if (session_.examined.size() >= Session::kMaxExamined) {
    session_.gap_once(text.data, "limit reached: byte strings examined in one artifact (" +
                                     std::to_string(Session::kMaxExamined) + ")");
    return;
  }
  session_.examined.insert({text.data, loaded});
  TextOperand operand = read_text_operand(session_.source, text.data, kNestedHead);
  const MemberInfo info{.name = "[bytes at " + std::to_string(operand.offset) + "]",
                        .offset = operand.offset,
                        .raw_data = !loaded};
  if (!is_line_text(session_.source, text.data)) {
    SliceSource stored(session_.source, operand.offset, operand.size);
    session_.context->member(info, stored);
    return;
  }
  operand = read_text_operand(session_.source, text.data, kMaxEscaped);
  if (operand.cut) {
    session_.gap_once(text.data, "limit reached: bytes of a string that is loaded (" +
                                     std::to_string(kMaxEscaped) + ")");
  }
  MemorySource decoded(as_bytes(operand.text));
  session_.context->member(info, decoded);
}

}  // namespace assay::pickle
