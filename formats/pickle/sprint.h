#pragma once

#include <cstring>
#include <string_view>

#include "formats/pickle/machine.h"

namespace assay::pickle {

#define ASSAY_INLINE [[gnu::always_inline]] inline

// Machine's opcodes once more, for the plain case of each: straight from the window, with
// the cursor and the top of the stack in registers. Each returns false, and has done
// nothing, where there is more to it; Machine::step does that.
struct Machine::Sprint {
  Machine& m;
  const char* at;
  const char* end;
  std::uint64_t before;  // the offset of a byte is `before` and its address
  Value* top;
  Value* limit;
  Value* fence;

  ASSAY_INLINE Sprint(Machine& machine, std::string_view window)
      : m(machine),
        at(window.data()),
        end(window.data() + window.size()),
        before(machine.in_.offset() - reinterpret_cast<std::uintptr_t>(window.data())),
        top(machine.stack_.top()),
        limit(machine.stack_.limit()),
        fence(machine.stack_.data() + machine.fence_) {}

  ASSAY_INLINE std::uint64_t here() const { return before + reinterpret_cast<std::uintptr_t>(at); }
  template <typename T>
  ASSAY_INLINE T operand() const {
    T value;
    std::memcpy(&value, at + 1, sizeof value);
    return value;
  }
  ASSAY_INLINE bool went(std::size_t size) {
    at += size;
    return true;
  }
  ASSAY_INLINE bool has(std::ptrdiff_t count) const { return top - fence >= count; }
  ASSAY_INLINE bool push(Value value, std::size_t size) {
    if (top == limit) return false;
    *top++ = value;
    return went(size);
  }
  ASSAY_INLINE bool integer(std::int64_t value, std::size_t size) {
    return push(Value::integer(value), size);
  }

  ASSAY_INLINE bool step();
  // Has a copy do what is not inlined, so that this one never leaves its registers.
  template <typename Do>
  ASSAY_INLINE bool apart(Do what) {
    Sprint copy = *this;
    const bool done = what(copy);
    at = copy.at;
    top = copy.top;
    fence = copy.fence;
    return done;
  }
  bool long_of(std::size_t width);
  bool line_integer(std::size_t suffix);
  bool memo_line(bool is_put);
  std::size_t digits(std::uint32_t& value) const;
  ASSAY_INLINE bool put(std::uint64_t index, std::size_t size);
  ASSAY_INLINE bool get(std::uint64_t index, std::size_t size);
  ASSAY_INLINE bool mark();
  ASSAY_INLINE Value* marked() const;
  ASSAY_INLINE Value* fence_below() const;
  ASSAY_INLINE void drop_mark();
  ASSAY_INLINE bool drop_marked();
  ASSAY_INLINE bool pop();
  ASSAY_INLINE bool text(Kind kind, bool binary, std::uint64_t size, std::size_t width);
  ASSAY_INLINE bool gather(Kind kind, Value* from);
  ASSAY_INLINE bool gather_marked(Kind kind);
  ASSAY_INLINE bool add(Value* from, Value* above);
  ASSAY_INLINE bool add_marked(bool pairs);
  std::optional<RecentGlobals::Ahead> known_global() const;
  bool global();
  bool stack_global();

  // sprint_lines.cpp: operands that are lines
  std::string_view line_ahead() const;
  bool line_real();
  bool line_text(Opcode opcode);
  bool line_id();

  // sprint_calls.cpp: calls like ones that were told
  bool call(CallKind kind);
  bool call_with_keywords();
  bool instantiate();
  bool instantiate_named();
  bool build();
  bool extension(std::int64_t code, std::size_t size);
  bool persistent_id();
};

ASSAY_INLINE bool Machine::Sprint::put(std::uint64_t index, std::size_t size) {
  return has(1) && m.memo_.put(index, top[-1]) && went(size);
}

ASSAY_INLINE bool Machine::Sprint::get(std::uint64_t index, std::size_t size) {
  const auto value = m.memo_.get(index);
  return value && push(*value, size);
}

ASSAY_INLINE bool Machine::Sprint::mark() {
  if (m.marks_.size() == kMaxMarks) return false;
  m.fence_ = static_cast<std::size_t>(top - m.stack_.data());
  m.marks_.push_back(m.fence_);
  fence = top;
  return went(1);
}

// What stands above the innermost mark begins here; nothing without a mark.
ASSAY_INLINE Value* Machine::Sprint::marked() const { return m.marks_.empty() ? nullptr : fence; }

// Where the fence will be once that mark is gone.
ASSAY_INLINE Value* Machine::Sprint::fence_below() const {
  const std::size_t count = m.marks_.size();
  return m.stack_.data() + (count > 1 ? m.marks_[count - 2] : 0);
}

ASSAY_INLINE void Machine::Sprint::drop_mark() {
  fence = fence_below();
  m.fence_ = static_cast<std::size_t>(fence - m.stack_.data());
  m.marks_.pop_back();
}

ASSAY_INLINE bool Machine::Sprint::drop_marked() {
  Value* const from = marked();
  if (!from) return false;
  top = from;
  drop_mark();
  return went(1);
}

}  // namespace assay::pickle
