#include "scanner/policy/toml_document.h"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "core/text.h"

namespace assay::policy {
namespace {

// A dotted key makes a table for each of its parts, and tables are destroyed one inside
// the other: keys cannot span lines, so few dots in each line bound the depth before the
// parser sees anything.
std::optional<std::uint32_t> overlong_line(std::string_view text) {
  std::uint32_t line = 1;
  int dots = 0;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots = 0;
    } else if (c == '.' && ++dots > kMaxDotsInLine) {
      return line;
    }
  }
  return std::nullopt;
}

// Builds our values out of the parser's. The depth is bounded by kMaxTomlDepth.
class Conversion {
 public:
  Parsed<TomlValue> convert(const toml::node& node, int depth) {
    const std::uint32_t line = node.source().begin.line;
    if (depth > kMaxTomlDepth) return fail_at(line, "tables and lists nest too deeply");
    if (const auto* table = node.as_table()) return convert_table(*table, line, depth);
    if (const auto* array = node.as_array()) return convert_array(*array, line, depth);
    if (const auto* text = node.as_string()) return TomlValue{text->get(), line};
    if (const auto* number = node.as_integer()) return TomlValue{number->get(), line};
    if (const auto* flag = node.as_boolean()) return TomlValue{flag->get(), line};
    if (const auto* date = node.as_date()) return convert_date(date->get(), line);
    return fail_at(line, "expected a string, an integer, true, false or a date (2027-03-01)");
  }

 private:
  Parsed<TomlValue> convert_table(const toml::table& table, std::uint32_t line, int depth) {
    TomlTable out;
    for (const auto& [key, node] : table) {
      auto value = convert(node, depth + 1);
      if (!value) return value;
      out.emplace(std::string(key.str()), std::move(*value));
    }
    return TomlValue{std::move(out), line};
  }

  Parsed<TomlValue> convert_array(const toml::array& array, std::uint32_t line, int depth) {
    TomlArray out;
    for (const toml::node& node : array) {
      auto value = convert(node, depth + 1);
      if (!value) return value;
      out.push_back(std::move(*value));
    }
    return TomlValue{std::move(out), line};
  }

  static Parsed<TomlValue> convert_date(const toml::date& date, std::uint32_t line) {
    const std::chrono::year_month_day day{
        std::chrono::year{date.year}, std::chrono::month{date.month}, std::chrono::day{date.day}};
    if (!day.ok()) return fail_at(line, "there is no such day");
    return TomlValue{Date{day}, line};
  }
};

}  // namespace

std::unexpected<ParseError> fail_at(std::uint32_t line, std::string_view what) {
  return fail(ParseErrc::malformed, 0, "line " + std::to_string(line) + ": " + std::string(what));
}

Parsed<TomlValue> parse_toml(std::string_view text) {
  if (text.size() > kMaxTomlSize) {
    return fail(ParseErrc::over_budget, 0, "larger than 1 MiB, which no such file needs to be");
  }
  if (const auto line = overlong_line(text)) {
    return fail_at(*line, "more than 64 dots in one line; spread it over several");
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const std::string what(parsed.error().description());
    return fail_at(parsed.error().source().begin.line, escaped(shortened(what, 300)));
  }
  return Conversion().convert(parsed.table(), 0);
}

std::string toml_string(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  int dots = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || (c == '.' && ++dots > kMaxDotsInLine / 2)) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string to_string(Date date) {
  const std::chrono::year_month_day day{date};
  const auto padded = [](unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  const std::string year = std::to_string(static_cast<int>(day.year()));
  return std::string(4 - std::min<std::size_t>(year.size(), 4), '0') + year + "-" +
         padded(static_cast<unsigned>(day.month())) + "-" +
         padded(static_cast<unsigned>(day.day()));
}

}  // namespace assay::policy
