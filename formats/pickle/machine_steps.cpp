#include "formats/pickle/machine.h"

// What each opcode does, one row each: a table costs one jump per opcode.
namespace assay::pickle {
namespace {

// The operand of an opcode, and what is done with it.
template <typename T, typename Use>
bool with_number(Machine& m, Use use) {
  return m.with_number<T>(use);
}

template <typename Use>
bool with_mark(Machine& m, Use use) {
  std::size_t mark = 0;
  return m.take_mark(mark) && use(mark);
}

// The unpickler's floats are big-endian.
double float_of(std::uint64_t bits) { return std::bit_cast<double>(std::byteswap(bits)); }

struct Row {
  Opcode opcode;
  Machine::Step step;
};

constexpr Row kConstants[] = {
    {Opcode::NONE, [](Machine& m) { return m.push(Value::none()); }},
    {Opcode::NEWTRUE, [](Machine& m) { return m.push(Value::boolean(true)); }},
    {Opcode::NEWFALSE, [](Machine& m) { return m.push(Value::boolean(false)); }},
    {Opcode::BININT,
     [](Machine& m) {
       return with_number<std::uint32_t>(
           m, [&](auto n) { return m.push(Value::integer(static_cast<std::int32_t>(n))); });
     }},
    {Opcode::BININT1,
     [](Machine& m) {
       return with_number<std::uint8_t>(m, [&](auto n) { return m.push(Value::integer(n)); });
     }},
    {Opcode::BININT2,
     [](Machine& m) {
       return with_number<std::uint16_t>(m, [&](auto n) { return m.push(Value::integer(n)); });
     }},
    {Opcode::BINFLOAT,
     [](Machine& m) {
       return with_number<std::uint64_t>(m,
                                         [&](auto n) { return m.push(Value::real(float_of(n))); });
     }},
    {Opcode::LONG1,
     [](Machine& m) {
       return with_number<std::uint8_t>(m, [&](auto n) { return m.push_long(n); });
     }},
    {Opcode::LONG4,
     [](Machine& m) {
       return with_number<std::uint32_t>(m,
                                         [&](auto n) { return m.positive(n) && m.push_long(n); });
     }},
    {Opcode::INT, [](Machine& m) { return m.push_number_line(Opcode::INT); }},
    {Opcode::LONG, [](Machine& m) { return m.push_number_line(Opcode::LONG); }},
    {Opcode::FLOAT, [](Machine& m) { return m.push_number_line(Opcode::FLOAT); }},
    {Opcode::NEXT_BUFFER, [](Machine& m) { return m.push({Kind::buffer, 0, 0}); }},
    {Opcode::READONLY_BUFFER, [](Machine& m) { return m.need(1); }},
};

template <typename T, Kind kKind>
bool counted_text(Machine& m) {
  return with_number<T>(m, [&](auto size) { return m.push_counted_text(kKind, size); });
}

constexpr Row kTexts[] = {
    {Opcode::STRING, [](Machine& m) { return m.push_line_text(Opcode::STRING); }},
    {Opcode::UNICODE, [](Machine& m) { return m.push_line_text(Opcode::UNICODE); }},
    {Opcode::BINSTRING,
     [](Machine& m) {
       return with_number<std::uint32_t>(
           m, [&](auto n) { return m.positive(n) && m.push_counted_text(Kind::string, n); });
     }},
    {Opcode::SHORT_BINSTRING, counted_text<std::uint8_t, Kind::string>},
    {Opcode::SHORT_BINUNICODE, counted_text<std::uint8_t, Kind::string>},
    {Opcode::BINUNICODE, counted_text<std::uint32_t, Kind::string>},
    {Opcode::BINUNICODE8, counted_text<std::uint64_t, Kind::string>},
    {Opcode::SHORT_BINBYTES, counted_text<std::uint8_t, Kind::bytes>},
    {Opcode::BINBYTES, counted_text<std::uint32_t, Kind::bytes>},
    {Opcode::BINBYTES8, counted_text<std::uint64_t, Kind::bytes>},
    {Opcode::BYTEARRAY8, counted_text<std::uint64_t, Kind::bytearray>},
};

constexpr Row kStack[] = {
    {Opcode::MARK, [](Machine& m) { return m.mark(); }},
    {Opcode::POP, [](Machine& m) { return m.pop_value_or_mark(); }},
    {Opcode::POP_MARK,
     [](Machine& m) { return with_mark(m, [&](auto mark) { return m.drop_from(mark); }); }},
    {Opcode::DUP, [](Machine& m) { return m.need(1) && m.push(m.top()); }},
    {Opcode::STOP, [](Machine& m) { return m.stop(); }},
    {Opcode::PROTO,
     [](Machine& m) {
       return with_number<std::uint8_t>(m, [&](auto n) { return m.protocol(n); });
     }},
    {Opcode::FRAME,
     [](Machine& m) { return with_number<std::uint64_t>(m, [&](auto n) { return m.frame(n); }); }},
    {Opcode::MEMOIZE, [](Machine& m) { return m.memoize(); }},
    {Opcode::PUT, [](Machine& m) { return m.memo_line(Opcode::PUT); }},
    {Opcode::GET, [](Machine& m) { return m.memo_line(Opcode::GET); }},
    {Opcode::BINPUT,
     [](Machine& m) { return with_number<std::uint8_t>(m, [&](auto n) { return m.put(n); }); }},
    {Opcode::BINGET,
     [](Machine& m) { return with_number<std::uint8_t>(m, [&](auto n) { return m.get(n); }); }},
    {Opcode::LONG_BINPUT,
     [](Machine& m) { return with_number<std::uint32_t>(m, [&](auto n) { return m.put(n); }); }},
    {Opcode::LONG_BINGET,
     [](Machine& m) { return with_number<std::uint32_t>(m, [&](auto n) { return m.get(n); }); }},
};

template <Kind kKind>
bool empty(Machine& m) {
  return m.gather(kKind, m.height());
}

template <Kind kKind>
bool from_mark(Machine& m) {
  return with_mark(m, [&](auto mark) { return m.gather(kKind, mark); });
}

template <std::size_t kCount>
bool tuple_of(Machine& m) {
  return m.need(kCount) && m.gather(Kind::tuple, m.height() - kCount);
}

// What loaders call when the target is no builtin container. APPEND takes
// extend() if the object has one, as APPENDS does.
constexpr std::string_view kExtend = "extend";
constexpr std::string_view kSetItem = "__setitem__";
constexpr std::string_view kAdd = "add";

constexpr Row kContainers[] = {
    {Opcode::EMPTY_TUPLE, empty<Kind::tuple>},
    {Opcode::EMPTY_LIST, empty<Kind::list>},
    {Opcode::EMPTY_DICT, empty<Kind::dict>},
    {Opcode::EMPTY_SET, empty<Kind::set>},
    {Opcode::TUPLE1, tuple_of<1>},
    {Opcode::TUPLE2, tuple_of<2>},
    {Opcode::TUPLE3, tuple_of<3>},
    {Opcode::TUPLE, from_mark<Kind::tuple>},
    {Opcode::LIST, from_mark<Kind::list>},
    {Opcode::DICT, from_mark<Kind::dict>},
    {Opcode::FROZENSET, from_mark<Kind::frozenset>},
    {Opcode::APPEND, [](Machine& m) { return m.need(2) && m.add_from(m.height() - 1, kExtend); }},
    {Opcode::SETITEM, [](Machine& m) { return m.need(3) && m.add_from(m.height() - 2, kSetItem); }},
    {Opcode::APPENDS,
     [](Machine& m) { return with_mark(m, [&](auto mark) { return m.add_from(mark, kExtend); }); }},
    {Opcode::SETITEMS,
     [](Machine& m) {
       return with_mark(m, [&](auto mark) { return m.add_from(mark, kSetItem); });
     }},
    {Opcode::ADDITEMS,
     [](Machine& m) { return with_mark(m, [&](auto mark) { return m.add_from(mark, kAdd); }); }},
};

constexpr Row kCalls[] = {
    {Opcode::GLOBAL, [](Machine& m) { return m.global_lines(); }},
    {Opcode::INST,
     [](Machine& m) {
       return with_mark(m, [&](auto mark) { return m.global_lines() && m.instantiate(mark); });
     }},
    {Opcode::STACK_GLOBAL, [](Machine& m) { return m.stack_global(); }},
    {Opcode::EXT1,
     [](Machine& m) {
       return with_number<std::uint8_t>(m, [&](auto n) { return m.extension(n); });
     }},
    {Opcode::EXT2,
     [](Machine& m) {
       return with_number<std::uint16_t>(m, [&](auto n) { return m.extension(n); });
     }},
    {Opcode::EXT4,
     [](Machine& m) {
       return with_number<std::uint32_t>(
           m, [&](auto n) { return m.extension(static_cast<std::int32_t>(n)); });
     }},
    {Opcode::PERSID, [](Machine& m) { return m.persistent_line(); }},
    {Opcode::BINPERSID,
     [](Machine& m) {
       Value id;
       return m.pop(id) && m.persistent_id(id);
     }},
    {Opcode::REDUCE, [](Machine& m) { return m.reduce(); }},
    {Opcode::NEWOBJ, [](Machine& m) { return m.newobj(false); }},
    {Opcode::NEWOBJ_EX, [](Machine& m) { return m.newobj(true); }},
    {Opcode::OBJ,
     [](Machine& m) { return with_mark(m, [&](auto mark) { return m.object(mark); }); }},
    {Opcode::BUILD, [](Machine& m) { return m.build(); }},
};
static_assert(std::size(kConstants) + std::size(kTexts) + std::size(kStack) +
                  std::size(kContainers) + std::size(kCalls) ==
              68);

constexpr std::array<Machine::Step, 256> steps() {
  std::array<Machine::Step, 256> table{};
  table.fill([](Machine& m) { return m.no_opcode(); });
  const auto fill = [&](const auto& rows) {
    for (const Row& row : rows) table[static_cast<std::uint8_t>(row.opcode)] = row.step;
  };
  fill(kConstants);
  fill(kTexts);
  fill(kStack);
  fill(kContainers);
  fill(kCalls);
  return table;
}

}  // namespace

constinit const std::array<Machine::Step, 256> Machine::kSteps = steps();

}  // namespace assay::pickle
