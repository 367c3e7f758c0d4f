#pragma once

#include <string_view>

#include "core/fact.h"

namespace assay::rules {

// What rules read in the text of a call's arguments.

// A constant string argument without its quotes; empty if it is none.
std::string_view quoted(const Argument& argument);

// Whether all arguments are plain dotted names: "one.two", nothing private,
// nothing that a repr had to escape.
bool has_plain_names(const Call& call);

// An attribute by a name that leads nowhere deeper: no "__class__".
bool is_attribute(std::string_view name);

// A number above 2^28.
bool is_huge(const Argument& argument);

// False for a text that is more than what a pickler writes of a small value, an
// enum's for instance: a command, a path, an expression.
bool is_word_like(const Argument& argument);

}  // namespace assay::rules
