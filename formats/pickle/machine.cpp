#include "formats/pickle/machine.h"

#include <algorithm>

namespace assay::pickle {
namespace {
constexpr std::uint32_t kBatch = 4096;
}

Parsed<Value> Machine::run() {
  start_ = in_.offset();
  for (;;) {
    op_offset_ = in_.offset();
    const Bytes byte = in_.take(1);
    if (byte.empty()) {
      opcode_ = Opcode::STOP;
      truncated(1);
      break;
    }
    opcode_ = static_cast<Opcode>(byte[0]);
    used_[static_cast<std::uint8_t>(opcode_)] = true;
    if (++batch_ == kBatch && !spend_batch()) break;
    if (!step(opcode_)) break;
    if (in_.offset() > frame_end_) [[unlikely]]
      check_frame();
    if (opcode_ == Opcode::STOP) break;
  }
  account();
  check_protocol();
  if (error_) return std::unexpected(*error_);
  return stack_.back();
}

bool Machine::spend_batch() {
  account();
  if (session_.budget.left(Cost::opcodes) > 0 && !session_.budget.stopped()) return true;
  error_ = session_.budget.error(op_offset_);
  return false;
}

void Machine::account() {
  session_.opcodes += batch_;
  session_.budget.spend(Cost::opcodes, batch_);
  batch_ = 0;
}

bool Machine::step(Opcode opcode) {
  switch (opcode) {
    case Opcode::NONE:
      return push(Value::none());
    case Opcode::NEWTRUE:
      return push(Value::boolean(true));
    case Opcode::NEWFALSE:
      return push(Value::boolean(false));
    case Opcode::MARK:
    case Opcode::POP:
    case Opcode::POP_MARK:
    case Opcode::DUP:
    case Opcode::STOP:
    case Opcode::MEMOIZE:
    case Opcode::NEXT_BUFFER:
    case Opcode::READONLY_BUFFER:
      return step_stack(opcode);
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
      return step_container(opcode);
    case Opcode::GLOBAL:
    case Opcode::STACK_GLOBAL:
    case Opcode::EXT1:
    case Opcode::EXT2:
    case Opcode::EXT4:
    case Opcode::PERSID:
    case Opcode::BINPERSID:
    case Opcode::REDUCE:
    case Opcode::NEWOBJ:
    case Opcode::NEWOBJ_EX:
    case Opcode::OBJ:
    case Opcode::INST:
    case Opcode::BUILD:
      return step_call(opcode);
    default:
      return step_operand(opcode);
  }
}

bool Machine::step_stack(Opcode opcode) {
  switch (opcode) {
    case Opcode::MARK:
      if (marks_.size() == kMaxMarks) return limit("marks", kMaxMarks);
      marks_.push_back(stack_.size());
      fence_ = stack_.size();
      return true;
    case Opcode::POP: {
      // On a mark that nothing stands on, POP takes the mark away.
      std::size_t mark = 0;
      if (!marks_.empty() && marks_.back() == stack_.size()) return take_mark(mark);
      if (!need(1)) return false;
      stack_.pop_back();
      return true;
    }
    case Opcode::POP_MARK: {
      std::size_t mark = 0;
      if (!take_mark(mark)) return false;
      stack_.resize(mark);
      return true;
    }
    case Opcode::DUP:
      return need(1) && push(stack_.back());
    case Opcode::MEMOIZE:
      return put(memo_.size());
    case Opcode::NEXT_BUFFER:
      return push({Kind::buffer, 0, 0});
    case Opcode::READONLY_BUFFER:
      return need(1);
    default:  // STOP
      if (!need(1)) return false;
      if (frame_end_ != UINT64_MAX && frame_end_ > in_.offset()) check_frame();
      if (stack_.size() > 1 || !marks_.empty()) {
        session_.anomaly_once(op_offset_, 1, "pickle.leftover-stack",
                              std::to_string(stack_.size() - 1) + " values and " +
                                  std::to_string(marks_.size()) + " marks are left at STOP");
      }
      return true;
  }
}

// The C unpickler ignores where frames end, the Python one (joblib, dill)
// refuses what crosses an end: a file where it matters is not what a pickler
// wrote.
void Machine::check_frame() {
  if (op_offset_ < frame_end_) {
    session_.anomaly_once(op_offset_, in_.offset() - op_offset_, "pickle.frame-length",
                          "a frame ends at byte " + std::to_string(frame_end_) +
                              ", not between two opcodes of its pickle");
  }
  frame_end_ = UINT64_MAX;
}

// Loaders do not mind; picklers never write it.
void Machine::check_protocol() {
  for (std::size_t opcode = 0; opcode < used_.size(); ++opcode) {
    const OpcodeInfo& info = info_of(static_cast<std::uint8_t>(opcode));
    if (!used_[opcode] || info.protocol <= highest_protocol_) continue;
    session_.anomaly_once(start_, 1, "pickle.newer-opcode",
                          std::string(info.name) + " is of protocol " +
                              std::to_string(info.protocol) + ", the pickle names " +
                              std::to_string(highest_protocol_));
  }
}

bool Machine::take_mark(std::size_t& mark) {
  if (marks_.empty()) return malformed("finds no mark");
  mark = marks_.back();
  marks_.pop_back();
  fence_ = marks_.empty() ? 0 : marks_.back();
  return true;
}

bool Machine::put(std::uint64_t index) {
  if (!need(1)) return false;
  return memo_.put(index, stack_.back()) || limit("memo", Memo::kMaxDense);
}

bool Machine::get(std::uint64_t index) {
  const auto value = memo_.get(index);
  if (!value) return malformed("finds no memo slot " + std::to_string(index));
  return push(*value);
}

bool Machine::error(ParseErrc code, std::string message) {
  error_ = ParseError{code, op_offset_, std::move(message)};
  return false;
}

bool Machine::malformed(std::string_view what) {
  return error(ParseErrc::malformed, "malformed at byte " + std::to_string(op_offset_) + ": " +
                                         std::string(info_of(opcode_).name) + " " +
                                         std::string(what));
}

bool Machine::underflow() {
  return malformed(marks_.empty() ? "finds the stack empty" : "finds a mark, not a value");
}

bool Machine::limit(std::string_view what, std::size_t value) {
  return error(ParseErrc::over_budget, "limit reached: " + std::string(what) + " (" +
                                           std::to_string(value) + " values in one pickle)");
}

}  // namespace assay::pickle
