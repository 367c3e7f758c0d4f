#include "rules/judgement.h"

#include <algorithm>

#include "rules/argument_text.h"

namespace assay::rules {
namespace {

int rank(const Judgement& j) {
  switch (j.name_class) {
    case NameClass::harmless:
      return 0;
    case NameClass::gadget:
      return 20 + static_cast<int>(j.severity) * 3 + static_cast<int>(j.use);
    case NameClass::unknown_callee:
      return 12 + static_cast<int>(j.use);
    case NameClass::unknown_known:
      return 3 + static_cast<int>(j.use) * 3;
    case NameClass::unknown_third_party:
      break;
  }
  return 2 + static_cast<int>(j.use) * 3;
}

// Here the callee is whose instance or result is changed.
bool changes_its_callee(CallKind kind) {
  return kind == CallKind::build || kind == CallKind::method;
}

bool makes_without_calling(CallKind kind) {
  return kind == CallKind::newobj || changes_its_callee(kind);
}

bool is_result(const Argument& argument) { return argument.kind == ArgumentKind::result; }

bool is_argument(const Call& call, const Import& name) {
  return std::ranges::any_of(call.arguments, [&](const Argument& a) {
    return a.kind == ArgumentKind::global && a.global == name;
  });
}

bool is_of_builtins(const Import& name) {
  return name.module == "builtins" || name.module == "__builtin__";
}

bool is_constant(const Argument& argument) {
  if (argument.kind == ArgumentKind::constant) return true;
  return argument.kind == ArgumentKind::global && is_of_builtins(argument.global) &&
         (argument.global.name == "Ellipsis" || argument.global.name == "NotImplemented");
}

bool is_one_constant(const Call& call) {
  return call.arguments.size() == 1 && is_constant(call.arguments[0]);
}

Judgement harmless(const Call& call) {
  return {.use = makes_without_calling(call.kind) ? Use::built : Use::called,
          .culprit = call.callee};
}

Judgement unknown_callee(const Call& call) {
  return {.name_class = NameClass::unknown_callee,
          .use = makes_without_calling(call.kind) ? Use::built : Use::called,
          .culprit = call.callee};
}

}  // namespace

const NameVerdict& Judge::verdict(const Import& import) {
  std::string key = dotted(import);
  // Where the module ends matters to chains, so it is part of the key.
  key += '\n';
  key += std::to_string(import.module.size());
  const auto [at, is_new] = seen_.try_emplace(std::move(key));
  if (is_new) at->second = tables_.classify(import);
  return at->second;
}

// How a name is judged that is used without looking at its arguments. What is
// harmless only with certain arguments is here what the gadget table says.
Judgement Judge::used(const Import& name, Use use) {
  const NameVerdict& v = verdict(name);
  Judgement j{.name_class = v.name_class, .use = use, .effects = v.effects, .culprit = name};
  if (v.name_class == NameClass::harmless && use != Use::imported) {
    if (v.shape == Shape::import_only || v.shape == Shape::attribute) {
      j.name_class = NameClass::unknown_known;
    } else if (is_conditional(v.shape) && use == Use::called) {
      j.name_class = v.effects.empty() ? NameClass::unknown_known : NameClass::gadget;
    }
  }
  if (j.name_class == NameClass::gadget) {
    j.severity = gadget_severity(v.effects, v.severity, v.acts_on_import ? Use::called : use);
  }
  return j;
}

// What a loader does with `name` by this kind of call. A class of somebody
// else's is made by calling it as often as by __new__: no difference to us.
Judgement Judge::used(const Import& name, CallKind kind) {
  const bool third_party = verdict(name).name_class == NameClass::unknown_third_party;
  const bool built = makes_without_calling(kind) || (third_party && is_class_like(name.name));
  return used(name, built ? Use::built : Use::called);
}

// Nor is what an unknown class is called with: a command is more than a value.
Judgement Judge::used(const Call& call) {
  const bool plain = std::ranges::all_of(call.arguments, is_word_like);
  if (plain || makes_without_calling(call.kind)) return used(call.callee, call.kind);
  return used(call.callee, Use::called);
}

Judgement Judge::import(const Import& import) { return used(import, Use::imported); }

// The worst of the globals that the arguments hold. Gadgets count as used in one
// way wherever they stand; of the others, those that are arguments themselves
// count as `direct` says, and those inside containers and results as `inner`.
Judgement Judge::worst_passed(const Call& call, Use gadgets, Use direct, Use inner) {
  Judgement worst = harmless(call);
  for (const Import& passed : call.passes) {
    const NameVerdict& v = verdict(passed);
    const Use others = is_argument(call, passed) ? direct : inner;
    if (v.name_class == NameClass::harmless &&
        (others != Use::called || v.shape == Shape::import_only)) {
      continue;
    }
    Judgement j = used(passed, v.name_class == NameClass::gadget ? gadgets : others);
    if (v.name_class == NameClass::unknown_third_party && is_class_like(passed.name)) {
      j.use = std::min(j.use, Use::built);
    }
    if (rank(j) <= rank(worst)) continue;
    worst = std::move(j);
    worst.through = call.callee;
  }
  return worst;
}

// What a call may hold without using it. But harmless code runs methods of the
// objects that it is given, and what BUILD stored in one is its method: functions
// that a result holds may be called.
Judgement Judge::held(const Call& call) {
  Judgement worst = worst_passed(call, Use::built, Use::imported, Use::imported);
  if (makes_without_calling(call.kind) || std::ranges::none_of(call.arguments, is_result)) {
    return worst;
  }
  for (const Import& passed : call.passes) {
    const NameVerdict& v = verdict(passed);
    const bool known = v.name_class == NameClass::harmless || v.name_class == NameClass::gadget;
    if (known || is_class_like(passed.name) || is_argument(call, passed)) continue;
    Judgement j = used(passed, Use::called);
    if (rank(j) <= rank(worst)) continue;
    worst = std::move(j);
    worst.through = call.callee;
  }
  return worst;
}

// copyreg._reconstructor(cls, base, state) makes a `cls`, but calls __new__ and
// __init__ of `base`: only the first argument is merely built.
Judgement Judge::built_from(const Call& call) {
  if (call.arguments.empty()) return harmless(call);
  const Argument& cls = call.arguments.front();
  if (cls.kind != ArgumentKind::global) return called_with(call);
  Call rest = call;
  std::erase(rest.passes, cls.global);
  const auto base = std::find_if(call.arguments.begin() + 1, call.arguments.end(),
                                 [&](const Argument& a) { return a.global == cls.global; });
  if (base != call.arguments.end()) rest.passes.push_back(cls.global);
  Judgement others = worst_passed(rest, Use::called, Use::called, Use::imported);
  Judgement built = used(cls.global, Use::built);
  built.through = call.callee;
  return rank(others) > rank(built) ? others : built;
}

// The first argument is called with the others, and some factories call others
// still, so every argument that is a name counts as called.
Judgement Judge::called_with(const Call& call) {
  Judgement worst = worst_passed(call, Use::called, Use::called, Use::imported);
  if (worst.name_class != NameClass::harmless || call.arguments.empty()) return worst;
  return returns_no_callable(call.arguments.front()) ? worst : unknown_callee(call);
}

bool Judge::returns_no_callable(const Argument& argument) {
  if (argument.kind == ArgumentKind::unknown) return false;
  if (argument.kind != ArgumentKind::result) return true;
  const NameVerdict& v = verdict(argument.global);
  return v.name_class == NameClass::harmless && v.shape != Shape::holder &&
         v.shape != Shape::name && v.shape != Shape::names && v.shape != Shape::lookup;
}

// numpy.core._ufunc_reconstruct('numpy', 'add') is as harmless as numpy.add.
Judgement Judge::looked_up(const Call& call) {
  if (call.arguments.size() < 2) return used(call.callee, Use::called);
  const Import target{std::string(quoted(call.arguments[0])),
                      std::string(quoted(call.arguments[1]))};
  if (target.module.empty() || target.name.empty()) return used(call.callee, Use::called);
  Judgement j = used(target, Use::called);
  if (j.name_class != NameClass::harmless) j.through = call.callee;
  return j;
}

// getattr(x, 'name') is how Python reduces enum members and bound methods. It is
// as harmless as the class `x` (str.lower), or the class that `x` is an instance of; what it
// returns is a value that no name stands for, should the file call it.
Judgement Judge::attribute_of(const Call& call) {
  const Judgement refused = used(call.callee, Use::called);
  if (call.arguments.size() < 2 || !is_attribute(quoted(call.arguments[1]))) return refused;
  const Argument& object = call.arguments.front();
  const bool is_result = object.kind == ArgumentKind::result;
  if (!is_result && object.kind != ArgumentKind::global) return refused;
  const NameVerdict& v = verdict(object.global);
  const bool is_class = v.shape == Shape::cls || v.shape == Shape::state ||
                        v.shape == Shape::fields || is_result ||
                        is_class_like(object.global.name) || is_of_builtins(object.global);
  switch (v.name_class) {
    case NameClass::harmless:
      return is_class && returns_no_callable(object) ? harmless(call) : refused;
    case NameClass::unknown_known:
    case NameClass::unknown_third_party:
      return is_class ? used(object.global, Use::built) : refused;
    default:
      return refused;
  }
}

// State set on, or items added to, what an allowed callee returned.
Judgement Judge::changed(const Call& call, Shape shape) {
  switch (shape) {
    case Shape::name:
    case Shape::names:
    case Shape::lookup:
      return unknown_callee(call);
    case Shape::holder:
      return worst_passed(call, Use::called, Use::built, Use::built);
    case Shape::attribute:
    case Shape::import_only:
      return used(call.callee, Use::built);
    default:
      return held(call);
  }
}

// A call of a name that the allow table knows, in the shape it is allowed in.
Judgement Judge::shaped(const Call& call, const NameVerdict& callee) {
  const bool method = call.kind == CallKind::method;
  if (method && callee.shape == Shape::fields) return used(call.callee, Use::called);
  if (changes_its_callee(call.kind)) return changed(call, callee.shape);
  switch (callee.shape) {
    case Shape::any:
      return std::ranges::any_of(call.arguments, is_result) ? held(call) : harmless(call);
    case Shape::data:
    case Shape::cls:
      return held(call);
    case Shape::state:
    case Shape::fields:
    case Shape::attribute:
    case Shape::import_only: {
      const Judgement itself = used(call.callee, call.kind);
      if (itself.name_class != NameClass::harmless) return itself;
      return held(call);
    }
    case Shape::builder:
      return built_from(call);
    case Shape::factory:
      return called_with(call);
    case Shape::holder:
      return worst_passed(call, Use::called, Use::built, Use::built);
    case Shape::name:
      return attribute_of(call);
    case Shape::names:
      return has_plain_names(call) ? harmless(call) : used(call.callee, Use::called);
    case Shape::lookup:
      return looked_up(call);
    case Shape::sized:
      if (std::ranges::any_of(call.arguments, is_huge)) return used(call.callee, Use::called);
      break;
    case Shape::constant:
      if (!is_one_constant(call)) return used(call.callee, Use::called);
  }
  return harmless(call);
}

// Nobody knows what unknown code does with what it is given, and map() is known to call
// it: as bad as the worst that it gets.
Judgement Judge::worse_given(const Call& call, const Judgement& itself) {
  const Use use = makes_without_calling(call.kind) ? Use::built : Use::called;
  Judgement given = worst_passed(call, use, Use::imported, Use::imported);
  const bool worse = given.name_class == NameClass::gadget && rank(given) > rank(itself);
  return worse ? given : itself;
}

Judgement Judge::call(const Call& call) {
  // The host's loader is called with every persistent id; a pickle cannot name it.
  if (call.kind == CallKind::persistent_id) return harmless(call);
  const bool nameless = call.callee.module.empty() && call.callee.name.empty();
  if (nameless || (call.callee_unknown && !changes_its_callee(call.kind))) {
    return unknown_callee(call);
  }
  const NameVerdict& callee = verdict(call.callee);
  if (callee.name_class == NameClass::harmless) return shaped(call, callee);
  return worse_given(call, used(call));
}

}  // namespace assay::rules
