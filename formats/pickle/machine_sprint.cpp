#include "formats/pickle/sprint.h"

// Most of what streams consist of, and the loop over it.
namespace assay::pickle {
namespace {

// No opcode below takes more bytes, but for texts, which look for themselves.
constexpr std::size_t kRoom = 16;

}  // namespace

// At most four bytes of two's complement behind `width` bytes that tell how many.
bool Machine::Sprint::long_of(std::size_t width) {
  const std::uint32_t size = width == 1 ? operand<std::uint8_t>() : operand<std::uint32_t>();
  if (size > 4) return false;
  const std::uint64_t bits = operand<std::uint64_t>() >> (8 * width);
  const unsigned unused = 64 - 8 * size;
  const std::int64_t value = size == 0 ? 0 : static_cast<std::int64_t>(bits << unused) >> unused;
  return integer(value, 1 + width + size);
}

// On a mark that nothing stands on, POP takes the mark away.
bool Machine::Sprint::pop() {
  if (!has(1)) return !m.marks_.empty() && drop_marked();
  --top;
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

std::optional<RecentGlobals::Ahead> Machine::Sprint::known_global() const {
  const std::string_view ahead(at + 1, std::min<std::size_t>(static_cast<std::size_t>(end - at) - 1,
                                                             RecentGlobals::kMaxSize));
  return m.session_.recent.find_ahead(ahead, m.protocol_ < 3);
}

bool Machine::Sprint::global() {
  const auto known = known_global();
  return known && push({Kind::global, known->global, 0}, 1 + known->size);
}

bool Machine::Sprint::stack_global() {
  if (!has(2)) return false;
  const auto known = m.session_.recent.find(top[-2], top[-1], m.protocol_ < 3);
  if (known == Tables::kUnknownGlobal) return false;
  top -= 2;
  return push({Kind::global, known, 0}, 1);
}

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
    case Opcode::LONG1: return apart([](Sprint& run) { return run.long_of(1); });
    case Opcode::LONG4: return apart([](Sprint& run) { return run.long_of(4); });
    case Opcode::INT: return apart([](Sprint& run) { return run.line_integer(0); });
    case Opcode::LONG: return apart([](Sprint& run) { return run.line_integer(1); });
    case Opcode::MARK: return mark();
    case Opcode::POP: return pop();
    case Opcode::POP_MARK: return drop_marked();
    case Opcode::DUP: return has(1) && push(top[-1], 1);
    case Opcode::MEMOIZE: return put(m.memo_.size(), 1);
    case Opcode::BINPUT: return put(operand<std::uint8_t>(), 2);
    case Opcode::LONG_BINPUT: return put(operand<std::uint32_t>(), 5);
    case Opcode::BINGET: return get(operand<std::uint8_t>(), 2);
    case Opcode::LONG_BINGET: return get(operand<std::uint32_t>(), 5);
    case Opcode::PUT: return apart([](Sprint& run) { return run.memo_line(true); });
    case Opcode::GET: return apart([](Sprint& run) { return run.memo_line(false); });
    case Opcode::SHORT_BINUNICODE: return text(Kind::string, false, operand<std::uint8_t>(), 1);
    case Opcode::BINUNICODE: return text(Kind::string, false, operand<std::uint32_t>(), 4);
    case Opcode::BINUNICODE8: return text(Kind::string, false, operand<std::uint64_t>(), 8);
    case Opcode::SHORT_BINSTRING: return text(Kind::string, true, operand<std::uint8_t>(), 1);
    case Opcode::BINSTRING: return text(Kind::string, true, operand<std::uint32_t>(), 4);
    case Opcode::SHORT_BINBYTES: return text(Kind::bytes, true, operand<std::uint8_t>(), 1);
    case Opcode::BINBYTES: return text(Kind::bytes, true, operand<std::uint32_t>(), 4);
    case Opcode::BINBYTES8: return text(Kind::bytes, true, operand<std::uint64_t>(), 8);
    case Opcode::BYTEARRAY8: return text(Kind::bytearray, true, operand<std::uint64_t>(), 8);
    case Opcode::EMPTY_TUPLE: return push(m.tables_.empty_tuple(), 1);
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
    case Opcode::FLOAT: return apart([](Sprint& run) { return run.line_real(); });
    case Opcode::STRING: return apart([](Sprint& run) { return run.line_text(Opcode::STRING); });
    case Opcode::UNICODE: return apart([](Sprint& run) { return run.line_text(Opcode::UNICODE); });
    case Opcode::PERSID: return apart([](Sprint& run) { return run.line_id(); });
    case Opcode::BINPERSID: return apart([](Sprint& run) { return run.persistent_id(); });
    case Opcode::NEXT_BUFFER: return push({Kind::buffer, 0, 0}, 1);
    case Opcode::READONLY_BUFFER: return has(1) && went(1);
    case Opcode::GLOBAL: return apart([](Sprint& run) { return run.global(); });
    case Opcode::STACK_GLOBAL: return apart([](Sprint& run) { return run.stack_global(); });
    case Opcode::EXT1: return apart([](Sprint& run) { return run.extension(run.operand<std::uint8_t>(), 2); });
    case Opcode::EXT2: return apart([](Sprint& run) { return run.extension(run.operand<std::uint16_t>(), 3); });
    case Opcode::EXT4: return apart([](Sprint& run) { return run.extension(run.operand<std::int32_t>(), 5); });
    case Opcode::REDUCE: return apart([](Sprint& run) { return run.call(CallKind::reduce); });
    case Opcode::NEWOBJ: return apart([](Sprint& run) { return run.call(CallKind::newobj); });
    case Opcode::NEWOBJ_EX: return apart([](Sprint& run) { return run.call_with_keywords(); });
    case Opcode::OBJ: return apart([](Sprint& run) { return run.instantiate(); });
    case Opcode::INST: return apart([](Sprint& run) { return run.instantiate_named(); });
    case Opcode::BUILD: return apart([](Sprint& run) { return run.build(); });
    // clang-format on
    default:
      return false;
  }
}

// Runs until an opcode is not simple, or no more is buffered, paid for or in the frame.
void Machine::sprint() {
  const std::uint64_t offset = in_.offset();
  if (frame_end_ == offset) frame_end_ = UINT64_MAX;
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

}  // namespace assay::pickle
