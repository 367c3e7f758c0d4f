#include "scanner/policy/toml_document.h"

// toml++ 3.3 asserts what only a good document has ("[=" breaks it), and in release
// builds lets the compiler assume it: its assertions must stay, and be errors like others.
#undef NDEBUG
namespace {
struct BrokenAssertion {};
constexpr void require_of_toml(bool holds) {
  if (!holds) throw BrokenAssertion{};
}
}  // namespace
#define TOML_ASSERT(expression) require_of_toml(static_cast<bool>(expression))
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/text.h"

namespace assay::policy {
namespace {

bool is_escaped_mark(std::string_view text) {
  const std::string head = to_lower(text.substr(0, 10));
  return head.starts_with("\\u007e") || (text.starts_with("\\U") && head == "\\u0000007e");
}

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

// Where a bracket stands without a key behind it; 1 if nowhere.
std::uint32_t line_of_bad_header(std::string_view text) {
  std::uint32_t line = 1;
  for (std::string_view rest = text; !rest.empty(); ++line) {
    std::string_view header = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(header.size() + 1, rest.size()));
    header.remove_prefix(std::min(header.find_first_not_of(" \t"), header.size()));
    if (!header.starts_with('[')) continue;
    header.remove_prefix(std::min(header.find_first_not_of("[ \t"), header.size()));
    const bool is_key = !header.empty() && (std::isalnum(static_cast<unsigned char>(header[0])) ||
                                            std::string_view("_-\"']").contains(header[0]));
    if (!is_key) return line;
  }
  return 1;
}

// toml++ 3.3 runs into __builtin_unreachable() where a letter like U+00E9 stands outside
// of strings, so it gets to see ASCII only: "~C3~A9" for that, and "~7E" for "~". Both
// spellings are good and bad in the same places.
constexpr char kMark = '~';

std::string to_ascii(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && c != kMark) {
      out += c;
    } else {
      out += {kMark, kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string from_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    char c = text[0];
    if (c == kMark && text.size() >= 3) {
      const auto digit = [](char d) { return d <= '9' ? d - '0' : d - 'A' + 10; };
      c = static_cast<char>(digit(text[1]) * 16 + digit(text[2]));
      length = 3;
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

// The line of something that to_ascii() cannot stand for: bytes that are no UTF-8, and
// "~" spelt as an escape, which nobody needs.
std::optional<std::uint32_t> unreadable_line(std::string_view text) {
  std::uint32_t line = 1;
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0 || is_escaped_mark(text)) return line;
    if (text[0] == '\n') ++line;
    text.remove_prefix(size);
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
    if (const auto* text = node.as_string()) return TomlValue{from_ascii(text->get()), line};
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
      out.emplace(from_ascii(key.str()), std::move(*value));
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
  if (const auto line = unreadable_line(text)) {
    return fail_at(*line, "expected UTF-8, in which \"~\" is not spelt as an escape");
  }
  try {
    return Conversion().convert(toml::parse(to_ascii(text)), 0);
  } catch (const toml::parse_error& error) {
    return fail_at(error.source().begin.line,
                   escaped(shortened(from_ascii(error.description()), 300)));
  } catch (const BrokenAssertion&) {
    return fail_at(line_of_bad_header(text), "this is no TOML; expected a key behind '['");
  }
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
