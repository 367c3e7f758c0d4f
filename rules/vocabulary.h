#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/finding.h"

namespace assay::rules {

// What a name that a pickle imports is to us. Deny by default: what neither
// table knows is unknown, never harmless.
enum class NameClass : std::uint8_t {
  harmless,
  gadget,
  unknown_known,        // of the standard library or a framework we know
  unknown_third_party,  // of anything else, `__main__` included
  unknown_callee,       // a called value that no name stands for
};

// What loading does with the name, from least to most.
enum class Use : std::uint8_t { imported, built, called };

// How an allowed name may be used; docs/writing-rules.md explains each.
enum class Shape : std::uint8_t {
  any,          // whatever the arguments are
  data,         // as `any`; its arguments may hold no gadget
  cls,          // "class": constructed, built, or its methods called
  state,        // made without its constructor: NEWOBJ, BUILD
  fields,       // as `state`; the container opcodes would call methods of its own
  import_only,  // named or passed on, not called
  builder,      // makes an object of the class that is its first argument
  factory,      // calls what it is given
  holder,       // keeps what it is given for a later call
  name,         // getattr: an allowed class and a plain identifier
  names,        // attrgetter: plain identifiers
  lookup,       // imports argument 0 and takes its attribute, argument 1
  sized,        // makes as many bytes as its argument says
  constant,     // has one argument, and that is a constant
  attribute,    // of an allowed class: named, not called or given to what calls it
};

std::string_view to_string(NameClass name_class);
std::string_view to_string(Use use);
std::string_view to_string(Shape shape);
bool shape_from(std::string_view word, Shape& shape);

// Whether a name of this shape may stand in the gadget tables too: there its
// effect tells what a use does that the shape does not allow.
bool is_conditional(Shape shape);

// The words of the gadget tables' effect column, and that column taken apart.
bool is_effect(std::string_view word);
std::vector<std::string_view> effects();
std::vector<std::string_view> split_effects(std::string_view effects);

// How bad a gadget is in each use. Called: what the table says, and at least
// high. Made without being called: at most high. Only named: at most medium.
// Effects that at worst annoy (console, resource-exhaustion) keep the table's.
Severity gadget_severity(std::string_view effects, Severity table, Use use);

}  // namespace assay::rules
