#include "core/text.h"
#include "formats/pickle/machine.h"

// What callables that find others return when they are given constants, and what
// it comes to when one that was made earlier is called: the names behind
// getattr(import_module('os'), 'system') and partial(f, x)().
namespace assay::pickle {
namespace {

constexpr std::size_t kMaxDotted = 1024;
constexpr std::uint64_t kMaxName = 256;

bool is_named(Value value) {
  return value.kind == Kind::global && value.detail != Tables::kUnknownGlobal;
}

}  // namespace

// A module is a global that has no module of its own.
Value Machine::module_value(std::string_view name) {
  return {Kind::global, tables_.global({}, name), 0};
}

// Names that grow too long stay results.
std::optional<Value> Machine::attribute(Value object, std::string_view name) {
  if (!is_named(object) || name.empty() || name.contains('.')) return std::nullopt;
  const Import global = tables_.import_of(object.detail);
  if (global.name.size() + name.size() > kMaxDotted) return std::nullopt;
  if (global.module.empty()) return imported(global.name, name);
  return imported(global.module, global.name + '.' + std::string(name));
}

std::optional<Value> Machine::attribute_chain(Value object, std::string_view names) {
  std::optional<Value> value = object;
  while (value && !names.empty()) {
    const std::size_t dot = names.find('.');
    value = attribute(*value, names.substr(0, dot));
    names = dot == names.npos ? std::string_view{} : names.substr(dot + 1);
  }
  return value;
}

// An item of sys.modules is a module; one of vars(x) or x.__dict__ an attribute of x.
std::optional<Value> Machine::item_of(Value mapping, std::string_view key) {
  if (key.empty()) return std::nullopt;
  if (mapping.is_call_result() && tables_.role(tables_.callee(mapping)) == Role::dictionary) {
    const auto arguments = tables_.items(mapping);
    return arguments.size() == 1 ? attribute(arguments[0], key) : std::nullopt;
  }
  if (!is_named(mapping)) return std::nullopt;
  constexpr std::string_view kDictionary = "__dict__";
  const Import global = tables_.import_of(mapping.detail);
  if (global == Import{"sys", "modules"}) return module_value(key);
  if (global.name == kDictionary) return attribute(module_value(global.module), key);
  return std::nullopt;
}

// "package.module:name.name", or with dots alone, as pkgutil.resolve_name splits it.
Value Machine::resolve_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  const std::size_t split = colon == name.npos ? name.rfind('.') : colon;
  if (split == name.npos) return module_value(name);
  return imported(name.substr(0, split), name.substr(split + 1));
}

// __import__('os.path') returns os, unless a fromlist is given.
Value Machine::imported_package(std::string_view name, std::span<const Value> arguments) {
  const bool from_list = arguments.size() > 3 && arguments[3].kind != Kind::none &&
                         tables_.count(arguments[3]).value_or(1) > 0;
  return module_value(from_list ? name : name.substr(0, name.find('.')));
}

// The value that a call of `role` returns, if constants say which.
std::optional<Value> Machine::resolved(Role role, std::span<const Value> arguments) {
  const bool takes_object = role == Role::attribute || role == Role::item;
  const std::size_t at = takes_object ? 1 : 0;
  if (arguments.size() <= at || arguments[at].kind != Kind::string) return std::nullopt;
  const std::string name = text_of(arguments[at], kMaxName);
  if (name.empty()) return std::nullopt;
  switch (role) {
    case Role::attribute:
      // With a default it may be that instead.
      return arguments.size() == 2 ? attribute(arguments[0], name) : std::nullopt;
    case Role::item:
      return item_of(arguments[0], name);
    case Role::module_item:
    case Role::imports_module:
      return module_value(name);
    case Role::imports_package:
      return imported_package(name, arguments);
    case Role::resolves_name:
      return resolve_name(name);
    default:
      return std::nullopt;
  }
}

// What calling `callee` with `arguments` calls in the end, when `callee` is a
// partial or a methodcaller; both are changed to that. False if it is neither.
bool Machine::unwrap_call(Value& callee, std::vector<Value>& arguments) {
  if (!callee.is_call_result()) return false;
  const auto items = tables_.items(callee);
  if (items.empty()) return false;
  std::vector<Value> bound(items.begin() + 1, items.end());
  switch (tables_.role(tables_.callee(callee))) {
    case Role::makes_partial:
      callee = items[0];
      arguments.insert(arguments.begin(), bound.begin(), bound.end());
      return true;
    case Role::makes_caller: {
      const auto method = arguments.empty() || items[0].kind != Kind::string
                              ? std::nullopt
                              : attribute(arguments[0], text_of(items[0], kMaxName));
      if (!method) return false;
      callee = *method;
      arguments = std::move(bound);
      return true;
    }
    default:
      return false;
  }
}

// Tells also what runs when `callee`, a value that no name stands for, is called;
// what that returns, if it has a name.
std::optional<Value> Machine::call_of_result(Value callee, std::span<const Value> given) {
  constexpr int kMaxLayers = 8;
  std::vector<Value> arguments(given.begin(), given.end());
  for (int layer = 0; layer < kMaxLayers && unwrap_call(callee, arguments); ++layer) {
    if (!is_named(callee)) continue;
    tell_call(CallKind::reduce, callee, arguments);
    const Role role = tables_.role(callee.detail);
    return may_resolve(role) ? resolved(role, arguments) : std::nullopt;
  }
  const auto items = callee.is_call_result() ? tables_.items(callee) : std::span<const Value>{};
  const bool gets =
      callee.is_call_result() && tables_.role(tables_.callee(callee)) == Role::makes_getter;
  if (!gets || items.size() != 1 || arguments.size() != 1) return std::nullopt;
  if (items[0].kind != Kind::string || !is_named(arguments[0])) return std::nullopt;
  return attribute_chain(arguments[0], text_of(items[0], kMaxName));
}

}  // namespace assay::pickle
