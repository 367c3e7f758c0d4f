#include "formats/pickle/constant_text.h"

#include <vector>

#include "formats/pickle/encoded_text.h"
#include "formats/pickle/text_operand.h"

namespace assay::pickle {
namespace {

constexpr std::size_t kMaxSteps = 8;
constexpr std::uint64_t kMaxName = 64;

// How the call that returned `value` reads its first argument; nothing if it is
// no decoder.
std::optional<Encoding> step_of(Tables& tables, ByteSource& source, Value value) {
  switch (tables.role(tables.callee(value))) {
    case Role::decodes_base64:
      return Encoding::base64;
    case Role::decodes_hex:
      return Encoding::hex;
    case Role::decodes_named: {
      const auto arguments = tables.items(value);
      if (arguments.size() < 2 || !arguments[1].is_text()) return Encoding::none;
      return encoding_named(read_text_operand(source, arguments[1].data, kMaxName).text);
    }
    case Role::keeps_text:
      return Encoding::none;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<ConstantText> constant_text(Tables& tables, ByteSource& source, Value value,
                                          std::uint64_t limit) {
  std::vector<Encoding> steps;
  while (value.is_call_result()) {
    const auto step = step_of(tables, source, value);
    const auto arguments = tables.items(value);
    if (!step || arguments.empty() || steps.size() == kMaxSteps) return std::nullopt;
    steps.push_back(*step);
    value = arguments[0];
  }
  if (steps.empty() || !value.is_text()) return std::nullopt;
  TextOperand operand = read_text_operand(source, value.data, limit);
  if (Tables::has_flag(value, Tables::kEncodedText))
    operand.text = decoded(Encoding::latin1, operand.text);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    operand.text = decoded(*step, operand.text);
  }
  return ConstantText{value.data, std::move(operand.text), operand.cut};
}

}  // namespace assay::pickle
