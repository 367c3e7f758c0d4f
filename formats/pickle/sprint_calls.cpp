#include "formats/pickle/sprint.h"

// Calls that cannot be told from ones that were told often enough, of what the machine
// needs to know nothing about.
namespace assay::pickle {
namespace {

constexpr std::size_t kMaxArguments = 4;

}  // namespace

// Whether nothing of it needs to be looked at, and it holds no global.
bool Machine::is_light(Value value) {
  if (value.has_node()) return tables_.is_empty(value);
  return value.kind != Kind::global && !Tables::is_flagged(value);
}

bool Machine::is_repeated(CallKind kind, std::uint32_t callee, std::span<const Value> arguments) {
  const Role role = tables_.role(callee);
  if (role != Role::none && role != Role::container) return false;
  for (const Value argument : arguments) {
    if (!is_light(argument)) return false;
  }
  return session_.calls.again(kind, callee, callee == Tables::kUnknownGlobal, arguments,
                              HeldSets::kEmpty);
}

std::optional<Value> Machine::repeated(CallKind kind, Value callee,
                                       std::span<const Value> arguments) {
  if (callee.kind != Kind::global || callee.detail == Tables::kUnknownGlobal ||
      !is_repeated(kind, callee.detail, arguments)) {
    return std::nullopt;
  }
  return tables_.make_result(kind == CallKind::reduce ? Kind::result : Kind::instance,
                             callee.detail, arguments, HeldSets::kEmpty);
}

// The items of a tuple, of which there are few and all are known.
std::optional<std::span<const Value>> Machine::few_items(Value tuple) {
  if (tuple.kind != Kind::tuple) return std::nullopt;
  const auto items = tables_.items(tuple);
  const auto count = tables_.count(tuple);
  if (!count || *count != items.size() || items.size() > kMaxArguments) return std::nullopt;
  return items;
}

bool Machine::Sprint::call(CallKind kind) {
  if (!has(2)) return false;
  const auto items = m.few_items(top[-1]);
  if (!items) return false;
  m.arguments_.assign(items->begin(), items->end());
  const auto result = m.repeated(kind, top[-2], m.arguments_);
  if (!result) return false;
  top -= 2;
  return push(*result, 1);
}

bool Machine::Sprint::call_with_keywords() {
  if (!has(3)) return false;
  const auto items = m.few_items(top[-2]);
  if (!items) return false;
  m.arguments_.assign(items->begin(), items->end());
  m.arguments_.push_back(top[-1]);
  const auto result = m.repeated(CallKind::newobj, top[-3], m.arguments_);
  if (!result) return false;
  top -= 3;
  return push(*result, 1);
}

bool Machine::Sprint::instantiate() {
  Value* const from = marked();
  if (!from || from == top) return false;
  const auto result = m.repeated(CallKind::instance, *from, {from + 1, top});
  if (!result) return false;
  drop_marked();
  return push(*result, 0);
}

bool Machine::Sprint::instantiate_named() {
  Value* const from = marked();
  const auto known = known_global();
  if (!from || from == limit || !known) return false;
  const auto result = m.repeated(CallKind::instance, {Kind::global, known->global, 0}, {from, top});
  if (!result) return false;
  drop_marked();
  return push(*result, known->size);
}

bool Machine::Sprint::build() {
  if (!has(2) || !top[-2].is_call_result()) return false;
  const Value state = top[-1];
  const Value target = top[-2];
  const std::uint32_t callee = m.tables_.callee(target);
  if (m.tables_.was_built(target) || !m.is_repeated(CallKind::build, callee, {&state, 1})) {
    return false;
  }
  m.tables_.set_built(target);
  --top;
  return went(1);
}

// Codes that this pickle has given no meaning.
bool Machine::Sprint::extension(std::int64_t code, std::size_t size) {
  if (code <= 0 || top == limit || !m.session_.extensions.empty()) return false;
  const Value argument = Value::integer(code);
  return m.is_repeated(CallKind::extension, Tables::kUnknownGlobal, {&argument, 1}) &&
         push({}, size);
}

bool Machine::Sprint::persistent_id() {
  if (!has(1) || m.session_.legacy) return false;
  const Value id = m.persistent(top[-1]);
  --top;
  return push(id, 1);
}

}  // namespace assay::pickle
