#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fact.h"
#include "rules/name_table.h"
#include "rules/vocabulary.h"

namespace assay::rules {

// What the tables say of one name. `effects` and `severity` are a gadget's, or
// for a shape that depends on arguments what the name is when they are wrong.
struct NameVerdict {
  NameClass name_class = NameClass::unknown_third_party;
  Shape shape = Shape::any;
  std::string_view effects{};
  Severity severity = Severity::high;
  bool acts_on_import = false;  // a gadget by being imported
};

// All allow, gadget and module tables in force.
class NameTables {
 public:
  // Tables added later win over earlier ones; of two in one layer, allow wins.
  void add(TableKind kind, std::string_view sorted_text);
  void start_layer() { layers_.emplace_back(); }

  // The class of a name, and of the thing a dotted chain really reaches:
  // `shutil` + `os.system` is os.system.
  NameVerdict classify(const Import& import) const;

 private:
  struct Layer {
    std::vector<NameTable> allow;
    std::vector<NameTable> gadgets;
  };

  std::optional<NameVerdict> exact(std::string_view dotted_name) const;
  std::optional<NameVerdict> gadget(std::string_view dotted_name) const;
  std::optional<NameVerdict> acting_module(std::string_view module) const;
  bool is_attribute_of_class(std::string_view dotted_name) const;
  bool has_gadget_below(std::string_view dotted_name) const;
  std::optional<NameVerdict> gadget_in_chain(const std::vector<std::string_view>& parts,
                                             std::size_t module_parts) const;
  std::string_view module_kind(std::string_view module) const;

  std::vector<Layer> layers_;
  std::vector<NameTable> modules_;
};

// Whether a name looks like a class: its last part begins with a capital,
// leading underscores aside.
bool is_class_like(std::string_view name);

// "__globals__": two underscores on both sides.
bool is_dunder(std::string_view part);

}  // namespace assay::rules
