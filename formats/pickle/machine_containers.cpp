#include "formats/pickle/machine.h"

namespace assay::pickle {
namespace {

bool is_builtin_container(Kind kind) {
  return kind == Kind::list || kind == Kind::dict || kind == Kind::set;
}

}  // namespace

// Puts the values from `from` up into one new container.
bool Machine::gather(Kind kind, std::size_t from) {
  if (kind == Kind::dict && (stack_.size() - from) % 2 != 0) {
    return malformed("has a key without a value");
  }
  const std::span<const Value> items = stack_.from(from);
  const Value container = tables_.make_container(kind, items);
  if (kind == Kind::list) collect_keys(items);
  stack_.shrink(from);
  return push(container);
}

// Puts the values from `from` up into the object below them.
bool Machine::add_from(std::size_t from, std::string_view method) {
  if (from <= fence_) return underflow();
  const Value target = stack_[from - 1];
  const std::span<const Value> items = stack_.from(from);
  if (items.empty()) return true;
  if (method == "__setitem__" && items.size() % 2 != 0) return malformed("has an odd item count");
  const bool known =
      is_builtin_container(target.kind) ||
      (target.is_call_result() && tables_.role(tables_.callee(target)) == Role::container);
  const std::span<const Value> shown = items.first(std::min<std::size_t>(items.size(), 32));
  if (tables_.was_built(target)) tell_stored_method(target, method, shown);
  if (!known) tell_call(CallKind::method, target, items, method);
  if (target.kind == Kind::global) tell_write(target, items);
  if (is_builtin_container(target.kind) || target.is_call_result())
    tables_.add_items(target, items);
  if (target.kind == Kind::list) collect_keys(items);
  stack_.shrink(from);
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
