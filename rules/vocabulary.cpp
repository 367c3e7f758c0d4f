#include "rules/vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::rules {
namespace {

constexpr std::array<std::string_view, 5> kClasses{"harmless", "gadget", "unknown-known",
                                                   "unknown-third-party", "unknown-callee"};
constexpr std::array<std::string_view, 3> kUses{"imported", "built", "called"};
constexpr std::array<std::string_view, 15> kShapes{
    "any",    "data", "class", "state",  "fields", "import-only", "builder",  "factory",
    "holder", "name", "names", "lookup", "sized",  "constant",    "attribute"};
constexpr std::array<std::string_view, 15> kEffects{"command-exec",    "code-exec",
                                                    "native-code",     "import",
                                                    "nested-unpickle", "file-write",
                                                    "file-read",       "network",
                                                    "attr-walk",       "dunder",
                                                    "invoke",          "debugger",
                                                    "console",         "resource-exhaustion",
                                                    "module-object"};

bool only_annoys(std::string_view effect) {
  return effect == "console" || effect == "resource-exhaustion";
}

}  // namespace

std::string_view to_string(NameClass name_class) {
  return kClasses.at(std::to_underlying(name_class));
}
std::string_view to_string(Use use) { return kUses.at(std::to_underlying(use)); }
std::string_view to_string(Shape shape) { return kShapes.at(std::to_underlying(shape)); }

bool shape_from(std::string_view word, Shape& shape) {
  const auto at = std::ranges::find(kShapes, word);
  if (at == kShapes.end()) return false;
  shape = static_cast<Shape>(at - kShapes.begin());
  return true;
}

bool is_conditional(Shape shape) {
  switch (shape) {
    case Shape::state:
    case Shape::fields:
    case Shape::name:
    case Shape::names:
    case Shape::lookup:
    case Shape::sized:
    case Shape::constant:
      return true;
    default:
      return false;
  }
}

bool is_effect(std::string_view word) {
  return std::ranges::find(kEffects, word) != kEffects.end();
}

std::vector<std::string_view> effects() { return {kEffects.begin(), kEffects.end()}; }

std::vector<std::string_view> split_effects(std::string_view effects) {
  std::vector<std::string_view> out;
  while (!effects.empty()) {
    const std::size_t plus = effects.find('+');
    out.push_back(effects.substr(0, plus));
    effects.remove_prefix(plus == std::string_view::npos ? effects.size() : plus + 1);
  }
  return out;
}

Severity gadget_severity(std::string_view effects, Severity table, Use use) {
  const bool annoys = std::ranges::all_of(split_effects(effects), only_annoys);
  const Severity called = annoys ? table : std::max(table, Severity::high);
  switch (use) {
    case Use::called:
      return called;
    case Use::built:
      return std::min(called, Severity::high);
    case Use::imported:
      break;
  }
  return std::min(called, Severity::medium);
}

}  // namespace assay::rules
