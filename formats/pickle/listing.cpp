#include "formats/pickle/listing.h"

#include <utility>

#include "core/text.h"
#include "formats/pickle/operand.h"

namespace assay::pickle {
namespace {

bool is_builtin_container(Value value) {
  return value.kind == Kind::list || value.kind == Kind::dict || value.kind == Kind::set;
}

// Whether the opcode's result is on top and is not what its operand says anyway.
bool builds_top(Opcode opcode) {
  switch (opcode) {
    case Opcode::DUP:
    case Opcode::GET:
    case Opcode::BINGET:
    case Opcode::LONG_BINGET:
    case Opcode::EMPTY_TUPLE:
    case Opcode::EMPTY_LIST:
    case Opcode::EMPTY_DICT:
    case Opcode::EMPTY_SET:
    case Opcode::TUPLE:
    case Opcode::TUPLE1:
    case Opcode::TUPLE2:
    case Opcode::TUPLE3:
    case Opcode::LIST:
    case Opcode::DICT:
    case Opcode::FROZENSET:
    case Opcode::APPEND:
    case Opcode::APPENDS:
    case Opcode::SETITEM:
    case Opcode::SETITEMS:
    case Opcode::ADDITEMS:
    case Opcode::GLOBAL:
    case Opcode::STACK_GLOBAL:
    case Opcode::EXT1:
    case Opcode::EXT2:
    case Opcode::EXT4:
    case Opcode::INST:
    case Opcode::OBJ:
    case Opcode::REDUCE:
    case Opcode::NEWOBJ:
    case Opcode::NEWOBJ_EX:
    case Opcode::PERSID:
    case Opcode::BINPERSID:
      return true;
    default:
      return false;
  }
}

}  // namespace

Parsed<Value> Listing::run() {
  const std::uint64_t from = *machine_.session_.list_from;
  for (;;) {
    const std::uint64_t offset = machine_.in_.offset();
    const Bytes ahead = machine_.in_.peek(1);
    const auto opcode = ahead.empty() ? Opcode::STOP : static_cast<Opcode>(ahead[0]);
    const bool wanted = offset >= from;
    std::string effect = wanted ? effect_before(opcode) : std::string();
    // A BUILD may walk the pickles inside an array before it is done.
    const bool told_early =
        wanted && opcode == Opcode::BUILD && machine_.stack_.size() - machine_.fence_ >= 2;
    if (told_early) tell(offset, opcode, std::move(effect));
    const bool goes_on = machine_.step();
    if (machine_.error_) break;
    if (wanted && !told_early) {
      if (effect.empty()) effect = effect_behind(opcode, offset);
      tell(offset, opcode, std::move(effect));
    }
    if (!goes_on) break;
  }
  return machine_.finish();
}

// What cannot be said once the step is done.
std::string Listing::effect_before(Opcode opcode) {
  const auto& stack = machine_.stack_;
  const std::size_t height = stack.size();
  const auto& marks = machine_.marks_;
  switch (opcode) {
    case Opcode::POP:
      return height > machine_.fence_ ? "discards " + shown(stack.back()) : "discards a mark";
    case Opcode::POP_MARK:
      return marks.empty() ? "" : "discards " + std::to_string(height - marks.back()) + " values";
    case Opcode::APPEND:
      return height >= 1 ? put_into(height - 1, "append") : "";
    case Opcode::SETITEM:
      return height >= 2 ? put_into(height - 2, "__setitem__") : "";
    case Opcode::APPENDS:
      return marks.empty() ? "" : put_into(marks.back(), "extend");
    case Opcode::SETITEMS:
      return marks.empty() ? "" : put_into(marks.back(), "__setitem__");
    case Opcode::ADDITEMS:
      return marks.empty() ? "" : put_into(marks.back(), "add");
    case Opcode::BUILD:
      return build_text();
    default:
      return {};
  }
}

// The call that puts the values from `from` up into what is no builtin container.
std::string Listing::put_into(std::size_t from, std::string_view method) {
  const auto& stack = machine_.stack_;
  if (from == 0 || from > stack.size() || is_builtin_container(stack[from - 1])) return {};
  std::string text = shown(stack[from - 1]) + "." + std::string(method) + "(";
  for (std::size_t i = from; i < stack.size() && text.size() < kShownEffect; ++i) {
    text += (i == from ? "" : ", ") + shown(stack[i]);
  }
  return shortened(text + ")", kShownEffect);
}

std::string Listing::build_text() {
  const auto& stack = machine_.stack_;
  if (stack.size() < 2) return {};
  const std::string target = shown(stack[stack.size() - 2]);
  return shortened(target + ".__setstate__(" + shown(stack.back()) + ")", 2 * kShownEffect);
}

std::string Listing::effect_behind(Opcode opcode, std::uint64_t offset) {
  if (machine_.stack_.empty()) return {};
  const Value top = machine_.stack_.back();
  if (builds_top(opcode)) return shown(top);
  switch (opcode) {
    case Opcode::STOP:
      return "returns " + shown(top);
    case Opcode::MEMOIZE:
      return "memo[" + std::to_string(machine_.memo_.size() - 1) + "] = " + brief(top);
    case Opcode::PUT:
    case Opcode::BINPUT:
    case Opcode::LONG_BINPUT:
      return "memo[" + operand_text(machine_.session_.source, offset) + "] = " + brief(top);
    default:
      return {};
  }
}

void Listing::tell(std::uint64_t offset, Opcode opcode, std::string effect) {
  Session& session = machine_.session_;
  // Told before its step, which takes the state away.
  const bool builds = opcode == Opcode::BUILD;
  const std::uint64_t end = builds ? offset + 1 : machine_.in_.offset();
  const std::size_t height = machine_.stack_.size() - (builds ? 1 : 0);
  session.context->fact(offset, end - offset,
                        Instruction{.name = std::string(info_of(opcode).name),
                                    .argument = operand_text(session.source, offset),
                                    .effect = std::move(effect),
                                    .stack = static_cast<std::uint32_t>(height),
                                    .marks = static_cast<std::uint32_t>(machine_.marks_.size())});
}

}  // namespace assay::pickle
