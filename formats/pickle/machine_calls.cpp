#include <algorithm>
#include <vector>

#include "formats/pickle/argument_parser.h"
#include "formats/pickle/machine.h"

namespace assay::pickle {
namespace {

struct Callee {
  std::uint32_t global = Tables::kUnknownGlobal;
  bool unknown = true;
};

// What runs when `value` is called, or when an object like it is changed. A
// torch persistent id ("module", class, source file, source) is that class.
Callee callee_of(Tables& tables, Value value, CallKind kind) {
  if (value.kind == Kind::global) return {value.detail, value.detail == Tables::kUnknownGlobal};
  if (value.is_call_result()) {
    const bool changes = kind == CallKind::build || kind == CallKind::method;
    const std::uint32_t maker = tables.callee(value);
    return {maker, !changes || maker == Tables::kUnknownGlobal};
  }
  if (value.kind == Kind::persistent_id) {
    const auto id = tables.items(value);
    const auto parts = id.empty() ? id : tables.items(id[0]);
    if (parts.size() >= 2 && parts[1].kind == Kind::global && tables.pooled(parts[0]) == "module") {
      return {parts[1].detail, false};
    }
  }
  return {};
}

}  // namespace

bool Machine::reduce() {
  Value arguments;
  Value callee;
  return pop(arguments) && pop(callee) && call(CallKind::reduce, callee, arguments);
}

bool Machine::newobj(bool with_keywords) {
  Value keywords{Kind::tuple, 0, 0};
  Value arguments;
  Value callee;
  if (with_keywords && !pop(keywords)) return false;
  if (!pop(arguments) || !pop(callee)) return false;
  if (with_keywords) return call(CallKind::newobj, callee, arguments, {&keywords, 1});
  return call(CallKind::newobj, callee, arguments);
}

// OBJ: the class stands on the mark, the arguments above it.
bool Machine::object(std::size_t mark) {
  if (stack_.size() - mark < 1) return underflow();
  const std::span<Value> values = stack_.from(mark);
  std::rotate(values.begin(), values.begin() + 1, values.end());
  return instantiate(mark);
}

// The class is on top, its arguments are the values from `from` up.
bool Machine::instantiate(std::size_t from) {
  const Value callee = stack_.back();
  stack_.pop_back();
  const std::span<const Value> arguments = stack_.from(from);
  arguments_.assign(arguments.begin(), arguments.end());
  stack_.shrink(from);
  return call(CallKind::instance, callee, arguments_);
}

// Takes the arguments out of their tuple, or of the list that only the Python
// unpickler accepts; keyword values of a dict follow them.
bool Machine::call(CallKind kind, Value callee, Value arguments, std::span<const Value> keywords) {
  const bool sequence = arguments.kind == Kind::tuple || arguments.kind == Kind::list;
  if (!sequence) return call(kind, callee, std::span<const Value>{&arguments, 1}, "*");
  const auto items = tables_.items(arguments);
  arguments_.assign(items.begin(), items.end());
  arguments_.insert(arguments_.end(), keywords.begin(), keywords.end());
  const auto count = tables_.count(arguments);
  if (!count) {
    session_.gap_once(op_offset_, "limit reached: abstract values (" +
                                      std::to_string(Heap::kMaxNodes) +
                                      " kept), the arguments of a call are no longer known");
    arguments_ = {arguments};
  }
  return call(kind, callee, arguments_, count ? "" : "*");
}

bool Machine::call(CallKind kind, Value callee, std::span<const Value> arguments,
                   std::string_view unknown_arguments) {
  const std::uint32_t held = tell_call(kind, callee, arguments, {}, unknown_arguments);
  const Callee target = callee_of(tables_, callee, kind);
  if (callee.is_call_result()) {
    if (const auto found = call_of_result(callee, arguments)) return push(*found);
  } else if (!target.unknown && may_resolve(tables_.role(target.global))) {
    if (const auto found = resolved(tables_.role(target.global), arguments)) return push(*found);
  }
  if (!target.unknown && tables_.role(target.global) == Role::decodes_named) {
    if (const auto bytes = encoded(arguments)) return push(*bytes);
  }
  const bool made_first = !target.unknown && !arguments.empty() &&
                          arguments[0].kind == Kind::global &&
                          tables_.role(target.global) == Role::constructs_first;
  const bool instance = made_first || kind != CallKind::reduce;
  const std::uint32_t maker = made_first ? arguments[0].detail : target.global;
  const Value result =
      tables_.make_result(instance ? Kind::instance : Kind::result, maker, arguments, held);
  if (!target.unknown) learn(target.global, arguments, result);
  return push(result);
}

// Returns what the arguments hold.
std::uint32_t Machine::tell_call(CallKind kind, Value callee, std::span<const Value> arguments,
                                 std::string_view method, std::string_view unknown_arguments) {
  const Callee target = callee_of(tables_, callee, kind);
  const Role role = target.unknown ? Role::none : tables_.role(target.global);
  if (role != Role::numpy_array) {
    take_in_payloads(arguments);
    if (kind != CallKind::build) examine_payloads(arguments, role == Role::loads_bytes);
  }
  const std::uint32_t held = tables_.held_now(arguments);
  session_.calls.call(
      {.offset = op_offset_,
       .size = in_.offset() - op_offset_,
       .sync = sync_,
       .kind = kind,
       .callee = target.global,
       .callee_unknown = target.unknown,
       .callee_value = callee,
       .method = method,
       .arguments = arguments.first(std::min<std::size_t>(arguments.size(), Heap::kKeptItems)),
       .unknown_arguments = unknown_arguments,
       .held = held});
  return held;
}

// Remembers what the machine will need of this call later on.
void Machine::learn(std::uint32_t callee, std::span<const Value> arguments, Value result) {
  switch (tables_.role(callee)) {
    case Role::add_extension:
      note_extension(arguments);
      break;
    case Role::numpy_dtype:
      note_dtype(arguments, result);
      break;
    case Role::torch_tensor:
      note_tensor(arguments);
      break;
    default:
      break;
  }
}

void Machine::note_extension(std::span<const Value> arguments) {
  constexpr std::uint64_t kMaxName = 64 * 1024;
  if (arguments.size() != 3 || arguments[2].kind != Kind::integer) return;
  if (arguments[0].kind != Kind::string || arguments[1].kind != Kind::string) return;
  if (session_.extensions.size() >= Session::kMaxExtensions) return;
  session_.extensions[arguments[2].as_integer()] =
      tables_.global(text_of(arguments[0], kMaxName), text_of(arguments[1], kMaxName));
}

// BUILD: calls __setstate__ if there is one, else writes __dict__ and slots.
bool Machine::build() {
  if (!need(2)) return false;
  const Value state = stack_.back();
  stack_.pop_back();
  const Value target = stack_.back();
  const bool plain = !target.is_call_result() && target.kind != Kind::global &&
                     target.kind != Kind::persistent_id && target.kind != Kind::buffer &&
                     target.kind != Kind::unknown;
  if (plain) return true;  // no attributes to write: loaders raise
  if (tables_.was_built(target)) tell_stored_method(target, "__setstate__", {&state, 1});
  tell_call(CallKind::build, target, {&state, 1});
  if (target.kind == Kind::global) tell_write(target, {&state, 1});
  if (!target.is_call_result()) return true;
  if (replaces_class(state)) tell_stored_method(target, "__setattr__", {&state, 1});
  tables_.add_items(target, {&state, 1});
  tables_.set_built(target);
  const Role role = tables_.role(tables_.callee(target));
  if (role == Role::numpy_dtype) note_dtype_state(target, state);
  if (role == Role::source_in_state && !runs_known_source(state)) {
    session_.anomaly(op_offset_, 1, "pickle.source-in-state",
                     dotted(tables_.import_of(tables_.callee(target))));
  }
  const bool array = role == Role::joblib_array || role == Role::joblib_side_file;
  return !array || loader_ == Loader::plain || joblib_array(role, state);
}

// Attributes of the instance come before those of its class: what BUILD stored
// as __setstate__, extend or add is what a later opcode calls.
void Machine::tell_stored_method(Value target, std::string_view method,
                                 std::span<const Value> arguments) {
  session_.calls.call({.offset = op_offset_,
                       .size = in_.offset() - op_offset_,
                       .kind = CallKind::reduce,
                       .callee = tables_.callee(target),
                       .callee_unknown = true,
                       .callee_value = target,
                       .method = method,
                       .arguments = arguments,
                       .held = tables_.held_now(arguments)});
}

// A pair (dict, slots) is set attribute by attribute, and __class__ among them
// makes the object one of another class. Of many attributes not all are known.
bool Machine::replaces_class(Value state) {
  if (state.kind != Kind::tuple) return false;
  const auto parts = tables_.items(state);
  if (parts.size() != 2 || parts[1].kind != Kind::dict) return false;
  const auto slots = tables_.items(parts[1]);
  for (std::size_t i = 0; i + 1 < slots.size(); i += 2) {
    if (tables_.pooled(slots[i]) == "__class__") return true;
  }
  return tables_.count(parts[1]).value_or(UINT64_MAX) > slots.size() &&
         tables_.held(parts[1]) != HeldSets::kEmpty;
}

// Whether the state of an object that runs text which stands there holds only
// what the framework writes. Before scipy 1.6 it was a tuple of the constructor's
// arguments, a dict, and something; one of two keys would be a pair.
bool Machine::runs_known_source(Value state) {
  const bool old = state.kind == Kind::tuple;
  if (old && tables_.count(state) != 2) return false;
  if (old) state = tables_.items(state).front();
  const auto items = tables_.items(state);
  if (state.kind != Kind::dict || tables_.count(state) != items.size()) return false;
  std::set<std::string> keys;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].kind != Kind::string) return false;
    const std::string key = text_of(items[i], Line::kMaxHead);
    keys.insert(key);
    if (!old && !is_known_source(key, items[i + 1])) return false;
  }
  return !old || keys.size() > 2;
}

bool Machine::is_known_source(std::string_view key, Value text) {
  constexpr std::uint64_t kMaxSource = 64 * 1024;
  const bool formula = key == "formula";
  if (!formula && key != "_parse_arg_template") return true;
  if (text.kind == Kind::none) return true;
  if (text.kind != Kind::string) return false;
  const TextOperand source = read_text_operand(session_.source, text.data, kMaxSource);
  if (source.cut) return false;
  return formula ? names_only_columns(source.text) : is_argument_parser(source.text);
}

// What is written into a module, class or function holds for the whole process.
void Machine::tell_write(Value global, std::span<const Value> values) {
  Renderer renderer(tables_, session_.source);
  std::string detail(info_of(opcode_).name);
  detail += " writes " + renderer.render(values[0], 300);
  if (values.size() > 1) detail += ": " + renderer.render(values[1], 300);
  detail += " into " + dotted(tables_.import_of(global.detail));
  if (session_.first_time(detail)) {
    session_.anomaly(op_offset_, 1, "pickle.write-to-global", detail);
  }
}

// Large payloads that stand in the arguments, or in a container there.
void Machine::take_in_payloads(std::span<const Value> arguments) {
  const auto take_in = [&](Value value) {
    if (!Tables::has_flag(value, Tables::kLargeText)) return;
    const TextOperand payload = read_text_operand(session_.source, value.data, 0);
    session_.code.take_in(payload.offset, payload.size);
  };
  for (const Value argument : arguments) {
    take_in(argument);
    if (!argument.has_node()) continue;
    for (const Value item : tables_.items(argument)) take_in(item);
  }
}

}  // namespace assay::pickle
