#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "formats/pickle/value.h"

namespace assay::pickle {

// The operands that protocol 0 spells as text, read as CPython 3.11's
// Modules/_pickle.c reads them. Nothing: the loader raises here.

// INT: strtol with base 0, "00" and "01" are booleans. A NUL ends the number.
std::optional<Value> parse_int(std::string_view line);

// LONG: as INT with an optional L behind.
std::optional<Value> parse_long(std::string_view line);

std::optional<Value> parse_float(std::string_view line);

// An index of PUT or GET: a decimal number, not negative.
std::optional<std::uint64_t> parse_index(std::string_view line);

// STRING: the text between the quotes, which must match.
std::optional<std::string_view> strip_quotes(std::string_view line);

// Undoes the escapes of a Python 2 string literal; UTF-8 stays as it is.
std::optional<std::string> unescape_string(std::string_view text);

// Undoes \uXXXX and \UXXXXXXXX; other bytes are Latin-1. Gives UTF-8 (lone
// surrogates included, as "surrogatepass" would write them).
std::optional<std::string> unescape_unicode(std::string_view text);

}  // namespace assay::pickle
