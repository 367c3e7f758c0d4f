#include "formats/pickle/machine.h"

#include <algorithm>

#include "core/text.h"
#include "formats/pickle/listing.h"

namespace assay::pickle {
namespace {
constexpr std::uint32_t kBatch = 4096;

// The opcodes that only some pickles may use: all behind protocol 1.
const std::vector<std::uint8_t>& newer_opcodes() {
  static const std::vector<std::uint8_t> newer = [] {
    std::vector<std::uint8_t> out;
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
      const auto byte = static_cast<std::uint8_t>(opcode);
      if (info_of(byte).protocol > 1) out.push_back(byte);
    }
    return out;
  }();
  return newer;
}
}  // namespace

bool Machine::step() {
  op_offset_ = in_.offset();
  const auto byte = in_.le<std::uint8_t>();
  if (!in_.ok()) {
    opcode_ = Opcode::STOP;
    return truncated(1);
  }
  opcode_ = static_cast<Opcode>(byte);
  used_[byte] = true;
  if (++batch_ == batch_size_ && !spend_batch()) return false;
  return kSteps[byte](*this) && (in_.offset() <= frame_end_ || check_frame());
}

Parsed<Value> Machine::finish() {
  if (!account() && !error_) error_ = session_.budget.error(op_offset_);
  check_protocol();
  if (error_) return std::unexpected(*error_);
  return stack_.back();
}

Parsed<Value> Machine::run() {
  if (session_.list_from) return Listing(*this).run();
  do {
    sprint();
  } while (step());
  return finish();
}

bool Machine::spend_batch() {
  sync_ = op_offset_;
  if (account()) return true;
  error_ = session_.budget.error(op_offset_);
  return false;
}

// Pays for the opcodes since the last time.
bool Machine::account() {
  session_.opcodes += batch_;
  const bool paid = session_.budget.spend(Cost::opcodes, batch_);
  batch_ = 0;
  plan_batch();
  return paid;
}

// The first opcode that the budget has nothing left for ends a batch.
void Machine::plan_batch() {
  const std::uint64_t left = session_.budget.left(Cost::opcodes);
  batch_size_ = left < kBatch ? static_cast<std::uint32_t>(left) + 1 : kBatch;
}

// The C unpickler ignores where frames end, the Python one (joblib, dill)
// refuses what crosses an end: a file where it matters is not what a pickler
// wrote.
bool Machine::check_frame() {
  if (op_offset_ < frame_end_) {
    session_.anomaly_once(op_offset_, in_.offset() - op_offset_, "pickle.frame-length", [&] {
      return "a frame ends at byte " + std::to_string(frame_end_) +
             ", not between two opcodes of its pickle";
    });
  }
  frame_end_ = UINT64_MAX;
  return true;
}

// Ends the walk: false, and no error unless there is nothing on the stack.
bool Machine::stop() {
  if (!need(1)) return false;
  if (frame_end_ != UINT64_MAX && frame_end_ != in_.offset()) check_frame();
  if (stack_.size() > 1 || !marks_.empty()) {
    session_.anomaly_once(op_offset_, 1, "pickle.leftover-stack", [&] {
      return std::to_string(stack_.size() - 1) + " values and " + std::to_string(marks_.size()) +
             " marks are left at STOP";
    });
  }
  return false;
}

// Loaders do not mind; picklers never write it.
void Machine::check_protocol() {
  for (const std::uint8_t opcode : newer_opcodes()) {
    const OpcodeInfo& info = info_of(opcode);
    if (!used_[opcode] || info.protocol <= highest_protocol_) continue;
    session_.anomaly_once(start_, 1, "pickle.newer-opcode", [&] {
      return std::string(info.name) + " is of protocol " + std::to_string(info.protocol) +
             ", the pickle names " + std::to_string(highest_protocol_);
    });
  }
}

bool Machine::mark() {
  if (marks_.size() == kMaxMarks) return limit("marks", kMaxMarks);
  marks_.push_back(stack_.size());
  fence_ = stack_.size();
  return true;
}

bool Machine::drop_from(std::size_t mark) {
  stack_.shrink(mark);
  return true;
}

// On a mark that nothing stands on, POP takes the mark away.
bool Machine::pop_value_or_mark() {
  if (stack_.size() > fence_) [[likely]] {
    stack_.pop_back();
    return true;
  }
  std::size_t mark = 0;
  return marks_.empty() ? underflow() : take_mark(mark);
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

bool Machine::no_opcode() {
  return error(ParseErrc::malformed,
               "malformed at byte " + std::to_string(op_offset_) + ": 0x" +
                   hex(Bytes{reinterpret_cast<const std::byte*>(&opcode_), 1}) + " is no opcode");
}

bool Machine::underflow() {
  return malformed(marks_.empty() ? "finds the stack empty" : "finds a mark, not a value");
}

bool Machine::limit(std::string_view what, std::size_t value) {
  return error(ParseErrc::over_budget, "limit reached: " + std::string(what) + " (" +
                                           std::to_string(value) + " values in one pickle)");
}

}  // namespace assay::pickle
