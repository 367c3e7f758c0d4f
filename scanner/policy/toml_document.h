#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"

// TOML 1.0 as far as policies and locks use it, behind limits.
namespace assay::policy {

using Date = std::chrono::sys_days;

struct TomlValue;
using TomlArray = std::vector<TomlValue>;
using TomlTable = std::map<std::string, TomlValue, std::less<>>;

// A value and the line it stands on, counted from 1.
struct TomlValue {
  std::variant<std::string, std::int64_t, bool, Date, TomlArray, TomlTable> value;
  std::uint32_t line = 0;
};

inline constexpr std::size_t kMaxTomlSize = 1U << 20;
inline constexpr int kMaxTomlDepth = 8;  // tables and arrays inside each other
inline constexpr int kMaxDotsInLine = 64;

// The root table of a document. Fails with "line N: ..." on what is no TOML, a key that
// is given twice, a value of another type than those above (times of day, fractions),
// and more than the limits allow.
Parsed<TomlValue> parse_toml(std::string_view text);

// `text`, which must be UTF-8, as a TOML basic string with its quotes. Control characters
// are escaped, and dots beyond what parse_toml() takes of one line.
std::string toml_string(std::string_view text);

// "2026-03-01".
std::string to_string(Date date);

// "line 12: what".
std::unexpected<ParseError> fail_at(std::uint32_t line, std::string_view what);

}  // namespace assay::policy
