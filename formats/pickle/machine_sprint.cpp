#include <cstring>

#include "formats/pickle/machine.h"

// Most of what streams consist of. Here an opcode that nothing is wrong with is done
// straight from the window, with the cursor and the top of the stack in registers;
// whatever else there may be to it is left to Machine::step.
namespace assay::pickle {
namespace {

// No opcode below takes more bytes, but for texts, which look for themselves.
constexpr std::size_t kRoom = 16;

#define ASSAY_INLINE [[gnu::always_inline]] inline

}  // namespace

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
  bool long1();
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
  ASSAY_INLINE bool text(Kind kind, bool binary, std::uint64_t size, std::size_t width);
  ASSAY_INLINE bool gather(Kind kind, Value* from);
  ASSAY_INLINE bool gather_marked(Kind kind);
  ASSAY_INLINE bool add(Value* from, Value* above);
  ASSAY_INLINE bool add_marked(bool pairs);
  bool global();
  bool stack_global();
};

bool Machine::Sprint::put(std::uint64_t index, std::size_t size) {
  return has(1) && m.memo_.put(index, top[-1]) && went(size);
}

bool Machine::Sprint::get(std::uint64_t index, std::size_t size) {
  const auto value = m.memo_.get(index);
  return value && push(*value, size);
}

bool Machine::Sprint::long1() {
  const auto size = operand<std::uint8_t>();
  if (size > 4) return false;
  std::int64_t value = size > 0 && (at[1 + size] & 0x80) != 0 ? -1 : 0;
  for (std::size_t i = size; i > 0; --i) {
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8 |
                                      static_cast<std::uint8_t>(at[1 + i]));
  }
  return integer(value, 2 + std::size_t{size});
}

// A number without sign, leading zero or anything else unusual; how many digits, or 0.
std::size_t Machine::Sprint::digits(std::uint32_t& value) const {
  std::size_t count = 0;
  value = 0;
  while (count < 9 && at[1 + count] >= '0' && at[1 + count] <= '9') {
    value = value * 10 + static_cast<std::uint32_t>(at[1 + count++] - '0');
  }
  return count > 1 && at[1] == '0' ? 0 : count;
}

bool Machine::Sprint::line_integer(std::size_t suffix) {
  std::uint32_t value = 0;
  std::size_t size = 1 + digits(value);
  if (size == 1) return false;
  if (suffix > 0 && at[size] == 'L') size += suffix;
  return at[size] == '\n' && integer(value, size + 1);
}

bool Machine::Sprint::memo_line(bool is_put) {
  std::uint32_t index = 0;
  const std::size_t size = 1 + digits(index);
  if (size == 1 || at[size] != '\n') return false;
  return is_put ? put(index, size + 1) : get(index, size + 1);
}

bool Machine::Sprint::mark() {
  if (m.marks_.size() == kMaxMarks) return false;
  m.fence_ = static_cast<std::size_t>(top - m.stack_.data());
  m.marks_.push_back(m.fence_);
  fence = top;
  return went(1);
}

// What stands above the innermost mark begins here; nothing without a mark.
Value* Machine::Sprint::marked() const { return m.marks_.empty() ? nullptr : fence; }

// Where the fence will be once that mark is gone.
Value* Machine::Sprint::fence_below() const {
  const std::size_t count = m.marks_.size();
  return m.stack_.data() + (count > 1 ? m.marks_[count - 2] : 0);
}

void Machine::Sprint::drop_mark() {
  fence = fence_below();
  m.fence_ = static_cast<std::size_t>(fence - m.stack_.data());
  m.marks_.pop_back();
}

bool Machine::Sprint::drop_marked() {
  Value* const from = marked();
  if (!from) return false;
  top = from;
  drop_mark();
  return went(1);
}

// Texts that are short enough to be looked at; `width` bytes tell their size.
bool Machine::Sprint::text(Kind kind, bool binary, std::uint64_t size, std::size_t width) {
  if (size > kMaxPooledText || static_cast<std::uint64_t>(end - at) < 1 + width + size) {
    return false;
  }
  Value value{kind, 0, here()};
  const std::string_view stored(at + 1 + width, static_cast<std::size_t>(size));
  value.detail = m.text_detail(kind, binary, stored, here());
  return push(value, 1 + width + static_cast<std::size_t>(size));
}

bool Machine::Sprint::gather(Kind kind, Value* from) {
  if (from < fence || from == limit) return false;
  if (kind == Kind::list && m.session_.collected_keys) return false;
  const Value container = m.tables_.make_container(kind, {from, top});
  top = from;
  return push(container, 1);
}

bool Machine::Sprint::gather_marked(Kind kind) {
  Value* const from = marked();
  if (!from || (kind == Kind::dict && (top - from) % 2 != 0)) return false;
  if (!gather(kind, from)) return false;
  drop_mark();
  return true;
}

// Adds the values from `from` up to the container below them, which stands at `above`
// or higher.
bool Machine::Sprint::add(Value* from, Value* above) {
  if (from <= above) return false;
  const Value target = from[-1];
  if (target.kind != Kind::list && target.kind != Kind::dict && target.kind != Kind::set) {
    return false;
  }
  if (target.kind == Kind::list && m.session_.collected_keys) return false;
  if (from != top) m.tables_.add_items(target, {from, top});
  top = from;
  return went(1);
}

bool Machine::Sprint::add_marked(bool pairs) {
  Value* const from = marked();
  if (!from || (pairs && (top - from) % 2 != 0)) return false;
  if (!add(from, fence_below())) return false;
  drop_mark();
  return true;
}

bool Machine::Sprint::global() {
  const std::string_view ahead(at + 1, std::min<std::size_t>(static_cast<std::size_t>(end - at) - 1,
                                                             RecentGlobals::kMaxSize));
  const auto known = m.session_.recent.find_ahead(ahead, m.protocol_ < 3);
  return known && push({Kind::global, known->global, 0}, 1 + known->size);
}

bool Machine::Sprint::stack_global() {
  if (!has(2)) return false;
  const auto known = m.session_.recent.find(top[-2], top[-1], m.protocol_ < 3);
  if (known == Tables::kUnknownGlobal) return false;
  top -= 2;
  return push({Kind::global, known, 0}, 1);
}

// False, and nothing done, where there is more to an opcode.
bool Machine::Sprint::step() {
  const auto opcode = static_cast<std::uint8_t>(*at);
  m.used_[opcode] = true;
  switch (static_cast<Opcode>(opcode)) {
      // clang-format off
    case Opcode::NONE: return push(Value::none(), 1);
    case Opcode::NEWTRUE: return push(Value::boolean(true), 1);
    case Opcode::NEWFALSE: return push(Value::boolean(false), 1);
    case Opcode::BININT: return integer(operand<std::int32_t>(), 5);
    case Opcode::BININT1: return integer(operand<std::uint8_t>(), 2);
    case Opcode::BININT2: return integer(operand<std::uint16_t>(), 3);
    case Opcode::BINFLOAT: return push({Kind::real, 0, std::byteswap(operand<std::uint64_t>())}, 9);
    case Opcode::LONG1: return long1();
    case Opcode::INT: return line_integer(0);
    case Opcode::LONG: return line_integer(1);
    case Opcode::MARK: return mark();
    case Opcode::POP: return has(1) && (--top, went(1));
    case Opcode::POP_MARK: return drop_marked();
    case Opcode::DUP: return has(1) && push(top[-1], 1);
    case Opcode::MEMOIZE: return put(m.memo_.size(), 1);
    case Opcode::BINPUT: return put(operand<std::uint8_t>(), 2);
    case Opcode::LONG_BINPUT: return put(operand<std::uint32_t>(), 5);
    case Opcode::BINGET: return get(operand<std::uint8_t>(), 2);
    case Opcode::LONG_BINGET: return get(operand<std::uint32_t>(), 5);
    case Opcode::PUT: return memo_line(true);
    case Opcode::GET: return memo_line(false);
    case Opcode::SHORT_BINUNICODE: return text(Kind::string, false, operand<std::uint8_t>(), 1);
    case Opcode::BINUNICODE: return text(Kind::string, false, operand<std::uint32_t>(), 4);
    case Opcode::BINUNICODE8: return text(Kind::string, false, operand<std::uint64_t>(), 8);
    case Opcode::SHORT_BINSTRING: return text(Kind::string, true, operand<std::uint8_t>(), 1);
    case Opcode::BINSTRING: return text(Kind::string, true, operand<std::uint32_t>(), 4);
    case Opcode::SHORT_BINBYTES: return text(Kind::bytes, true, operand<std::uint8_t>(), 1);
    case Opcode::BINBYTES: return text(Kind::bytes, true, operand<std::uint32_t>(), 4);
    case Opcode::BINBYTES8: return text(Kind::bytes, true, operand<std::uint64_t>(), 8);
    case Opcode::BYTEARRAY8: return text(Kind::bytearray, true, operand<std::uint64_t>(), 8);
    case Opcode::EMPTY_TUPLE: return gather(Kind::tuple, top);
    case Opcode::EMPTY_LIST: return gather(Kind::list, top);
    case Opcode::EMPTY_DICT: return gather(Kind::dict, top);
    case Opcode::EMPTY_SET: return gather(Kind::set, top);
    case Opcode::TUPLE1: return has(1) && gather(Kind::tuple, top - 1);
    case Opcode::TUPLE2: return has(2) && gather(Kind::tuple, top - 2);
    case Opcode::TUPLE3: return has(3) && gather(Kind::tuple, top - 3);
    case Opcode::TUPLE: return gather_marked(Kind::tuple);
    case Opcode::LIST: return gather_marked(Kind::list);
    case Opcode::DICT: return gather_marked(Kind::dict);
    case Opcode::FROZENSET: return gather_marked(Kind::frozenset);
    case Opcode::APPEND: return has(2) && add(top - 1, fence);
    case Opcode::SETITEM: return has(3) && add(top - 2, fence);
    case Opcode::APPENDS: return add_marked(false);
    case Opcode::SETITEMS: return add_marked(true);
    case Opcode::ADDITEMS: return add_marked(false);
    case Opcode::GLOBAL: return global();
    case Opcode::STACK_GLOBAL: return stack_global();
    // clang-format on
    default:
      return false;
  }
}

// Runs until an opcode is not simple, or no more is buffered, paid for or in the frame.
void Machine::sprint() {
  const std::uint64_t offset = in_.offset();
  if (frame_end_ < offset) return;
  const std::string_view window = as_text(in_.buffered()).substr(0, frame_end_ - offset);
  if (window.size() < kRoom) return;
  Sprint run(*this, window);
  const char* const last = run.end - kRoom;
  const std::uint32_t most = batch_size_ - batch_ - 1;
  std::uint32_t left = most;
  while (left > 0 && run.at <= last && run.step()) --left;
  batch_ += most - left;
  stack_.set_top(run.top);
  in_.skip(static_cast<std::uint64_t>(run.at - window.data()));
}

#undef ASSAY_INLINE

}  // namespace assay::pickle
