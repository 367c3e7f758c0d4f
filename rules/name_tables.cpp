#include "rules/name_tables.h"

#include <algorithm>
#include <array>

namespace assay::rules {
namespace {

// Longer chains than any framework writes are not looked into, but refused.
constexpr std::size_t kMaxParts = 12;

// Modules whose own names are dunders.
constexpr std::array<std::string_view, 5> kDunderModules{"__main__", "__mp_main__", "__builtin__",
                                                         "__torch__", "__future__"};

std::vector<std::string_view> parts_of(std::string_view dotted_name) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t dot = dotted_name.find('.');
    out.push_back(dotted_name.substr(0, dot));
    if (dot == std::string_view::npos || out.size() > kMaxParts) return out;
    dotted_name.remove_prefix(dot + 1);
  }
}

// The text from part `first` to part `last`, both of one string.
std::string_view span_of(std::string_view first, std::string_view last) {
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

NameVerdict attribute_walk(std::string_view effect) {
  return {NameClass::gadget, Shape::any, effect, Severity::high};
}

bool reaches_dunder(const std::vector<std::string_view>& parts) {
  const bool named_module =
      std::ranges::find(kDunderModules, parts.front()) != kDunderModules.end();
  return std::any_of(parts.begin() + (named_module ? 1 : 0), parts.end(), is_dunder);
}

}  // namespace

bool is_dunder(std::string_view part) {
  return part.size() > 4 && part.starts_with("__") && part.ends_with("__");
}

bool is_class_like(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  const std::size_t letter = name.find_first_not_of('_');
  return letter != std::string_view::npos && name[letter] >= 'A' && name[letter] <= 'Z';
}

void NameTables::add(TableKind kind, std::string_view sorted_text) {
  if (layers_.empty()) start_layer();
  switch (kind) {
    case TableKind::allow:
      layers_.back().allow.emplace_back(sorted_text);
      break;
    case TableKind::gadgets:
      layers_.back().gadgets.emplace_back(sorted_text);
      break;
    case TableKind::modules:
      modules_.emplace_back(sorted_text);
      break;
  }
}

std::string_view NameTables::module_kind(std::string_view module) const {
  for (const NameTable& table : modules_) {
    if (const auto row = table.find(module)) return (*row)[1];
  }
  return {};
}

std::optional<NameVerdict> NameTables::gadget(std::string_view dotted_name) const {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    for (const NameTable& table : layer->gadgets) {
      const auto row = table.find(dotted_name);
      if (!row) continue;
      NameVerdict verdict{.name_class = NameClass::gadget, .effects = (*row)[1]};
      severity_from((*row)[2], verdict.severity);
      return verdict;
    }
  }
  return std::nullopt;
}

// Whether a longer chain that begins with this one may be a gadget.
bool NameTables::has_gadget_below(std::string_view dotted_name) const {
  const std::string prefix = std::string(dotted_name) + '.';
  return std::ranges::any_of(layers_, [&](const Layer& layer) {
    return std::ranges::any_of(layer.gadgets,
                               [&](const NameTable& table) { return table.has_prefix(prefix); });
  });
}

// What the tables say of exactly this name, the newest layer first.
std::optional<NameVerdict> NameTables::exact(std::string_view dotted_name) const {
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    for (const NameTable& table : layer->allow) {
      const auto row = table.find(dotted_name);
      if (!row) continue;
      NameVerdict verdict{.name_class = NameClass::harmless};
      shape_from((*row)[1], verdict.shape);
      if (const auto otherwise = gadget(dotted_name)) {
        verdict.effects = otherwise->effects;
        verdict.severity = otherwise->severity;
      }
      return verdict;
    }
    for (const NameTable& table : layer->gadgets) {
      if (table.find(dotted_name)) return gadget(dotted_name);
    }
  }
  return std::nullopt;
}

// A gadget anywhere inside the chain that the walk from the module on passes
// through: `X.os.system`, `subprocess.Popen.communicate`. Chains inside other
// modules are followed only from the name of a standard module on.
std::optional<NameVerdict> NameTables::gadget_in_chain(const std::vector<std::string_view>& parts,
                                                       std::size_t module_parts) const {
  for (std::size_t first = 0; first < parts.size(); ++first) {
    if (first > 0 && module_kind(parts[first]) != "stdlib") continue;
    for (std::size_t last = first; last < parts.size(); ++last) {
      const std::string_view chain = span_of(parts[first], parts[last]);
      if (last > first && last >= module_parts) {
        if (auto found = gadget(chain)) return found;
      }
      if (!has_gadget_below(chain)) break;
    }
  }
  return std::nullopt;
}

// The row "module.*" of the module, or of a package on the way to it: importing
// it is what does the harm, whatever is taken out of it.
std::optional<NameVerdict> NameTables::acting_module(std::string_view module) const {
  for (std::size_t dot = 0; dot != std::string_view::npos && !module.empty();) {
    dot = module.find('.', dot + 1);
    if (auto found = gadget(std::string(module.substr(0, dot)) + ".*")) {
      found->acts_on_import = true;
      return found;
    }
  }
  return std::nullopt;
}

// An enum member, a class method: what getattr takes out of an allowed class.
bool NameTables::is_attribute_of_class(std::string_view dotted_name) const {
  const std::size_t dot = dotted_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view owner = dotted_name.substr(0, dot);
  if (!is_class_like(owner)) return false;
  const auto found = exact(owner);
  return found && found->name_class == NameClass::harmless;
}

NameVerdict NameTables::classify(const Import& import) const {
  const std::string name = dotted(import);
  if (const auto found = exact(name)) return *found;
  const std::vector<std::string_view> parts = parts_of(name);
  if (parts.size() > kMaxParts) return attribute_walk("attr-walk");
  // TorchScript names classes of the archive's own code; nothing is imported.
  if (parts.front() == "__torch__" && !std::any_of(parts.begin() + 1, parts.end(), is_dunder)) {
    return {.name_class = NameClass::harmless, .shape = Shape::cls};
  }
  if (reaches_dunder(parts)) return attribute_walk("dunder");
  const auto module_parts = static_cast<std::size_t>(std::ranges::count(import.module, '.')) +
                            (import.module.empty() ? 0 : 1);
  if (const auto found = gadget_in_chain(parts, module_parts)) return *found;
  if (const auto found = acting_module(import.module)) return *found;
  const std::string_view last = parts.back();
  if (parts.size() > 1 && last != parts[parts.size() - 2] && !module_kind(last).empty()) {
    return {NameClass::gadget, Shape::any, "module-object", Severity::medium};
  }
  if (is_attribute_of_class(name)) return {NameClass::harmless, Shape::attribute};
  const bool known = !module_kind(parts.front()).empty();
  return {.name_class = known ? NameClass::unknown_known : NameClass::unknown_third_party};
}

}  // namespace assay::rules
