#include "formats/pickle/machine.h"

namespace assay::pickle {
namespace {

// What the loader calls when the target is no builtin container. APPEND takes
// extend() if the object has one, as APPENDS does.
std::string_view method_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::APPEND:
    case Opcode::APPENDS:
      return "extend";
    case Opcode::ADDITEMS:
      return "add";
    default:
      return "__setitem__";
  }
}

bool is_builtin_container(Kind kind) {
  return kind == Kind::list || kind == Kind::dict || kind == Kind::set;
}

}  // namespace

bool Machine::step_container(Opcode opcode) {
  std::size_t mark = 0;
  switch (opcode) {
    case Opcode::EMPTY_TUPLE:
      return gather(Kind::tuple, stack_.size());
    case Opcode::EMPTY_LIST:
      return gather(Kind::list, stack_.size());
    case Opcode::EMPTY_DICT:
      return gather(Kind::dict, stack_.size());
    case Opcode::EMPTY_SET:
      return gather(Kind::set, stack_.size());
    case Opcode::TUPLE1:
      return need(1) && gather(Kind::tuple, stack_.size() - 1);
    case Opcode::TUPLE2:
      return need(2) && gather(Kind::tuple, stack_.size() - 2);
    case Opcode::TUPLE3:
      return need(3) && gather(Kind::tuple, stack_.size() - 3);
    case Opcode::TUPLE:
      return take_mark(mark) && gather(Kind::tuple, mark);
    case Opcode::LIST:
      return take_mark(mark) && gather(Kind::list, mark);
    case Opcode::FROZENSET:
      return take_mark(mark) && gather(Kind::frozenset, mark);
    case Opcode::DICT:
      if (!take_mark(mark)) return false;
      if ((stack_.size() - mark) % 2 != 0) return malformed("has a key without a value");
      return gather(Kind::dict, mark);
    case Opcode::APPEND:
      return need(2) && add_from(stack_.size() - 1, method_of(opcode));
    case Opcode::SETITEM:
      return need(3) && add_from(stack_.size() - 2, method_of(opcode));
    default:  // APPENDS, SETITEMS, ADDITEMS
      return take_mark(mark) && add_from(mark, method_of(opcode));
  }
}

// Puts the values from `from` up into one new container.
bool Machine::gather(Kind kind, std::size_t from) {
  const std::span<const Value> items{stack_.begin() + static_cast<std::ptrdiff_t>(from),
                                     stack_.end()};
  const Value container = tables_.make_container(kind, items);
  if (kind == Kind::list) collect_keys(items);
  stack_.resize(from);
  return push(container);
}

// Puts the values from `from` up into the object below them.
bool Machine::add_from(std::size_t from, std::string_view method) {
  if (from <= fence_) return underflow();
  const Value target = stack_[from - 1];
  const std::span<const Value> items{stack_.begin() + static_cast<std::ptrdiff_t>(from),
                                     stack_.end()};
  if (items.empty()) return true;
  if (method == "__setitem__" && items.size() % 2 != 0) return malformed("has an odd item count");
  const bool known =
      is_builtin_container(target.kind) ||
      (target.is_call_result() && tables_.role(tables_.callee(target)) == Role::container);
  if (!known) tell_call(CallKind::method, target, items, method);
  if (target.kind == Kind::global) tell_write(target, items);
  if (is_builtin_container(target.kind) || target.is_call_result())
    tables_.add_items(target, items);
  if (target.kind == Kind::list) collect_keys(items);
  stack_.resize(from);
  return true;
}

// A legacy torch file ends with the list of its storage keys: all of them are
// needed, and a list keeps only its first items.
void Machine::collect_keys(std::span<const Value> items) {
  if (!session_.collected_keys) return;
  for (const Value item : items) {
    if (session_.collected_keys->size() >= Session::kMaxStorages) return;
    session_.collected_keys->push_back(text_of(item, 64));
  }
}

}  // namespace assay::pickle
