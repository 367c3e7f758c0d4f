#include "formats/pickle/argument_parser.h"

#include <algorithm>

namespace assay::pickle {
namespace {

constexpr std::string_view kDefinitions[] = {"def _parse_args(self", "def _parse_args_rvs(self",
                                             "def _parse_args_stats(self"};
constexpr std::string_view kCheck = "self._argcheck_rvs(";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Names, numbers and short strings in tuples: nothing is called, no attribute is
// taken (a point stands between digits), nothing is bound.
bool is_plain(std::string_view text) {
  char before = ',';  // the last that is no space
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (text[i] == '(' && before != ',' && before != '(') return false;
    if (text[i] == '.' && (!is_digit(before) || i + 1 == text.size() || !is_digit(text[i + 1])))
      return false;
    if (!is_word(text[i]) && std::string_view(",=()'.-").find(text[i]) == std::string_view::npos) {
      return false;
    }
    before = text[i];
  }
  return true;
}

bool is_definition(std::string_view line) {
  if (!line.ends_with("):")) return false;
  line.remove_suffix(2);
  return std::ranges::any_of(kDefinitions, [&](std::string_view start) {
    return line.starts_with(start) && is_plain(line.substr(start.size())) &&
           line.find_first_of("()", start.size()) == std::string_view::npos;
  });
}

bool is_return(std::string_view line) {
  constexpr std::string_view kReturn = "    return ";
  if (!line.starts_with(kReturn)) return false;
  line.remove_prefix(kReturn.size());
  if (line.starts_with(kCheck)) line.remove_prefix(kCheck.size());
  return is_plain(line);
}

}  // namespace

bool is_argument_parser(std::string_view source) {
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size() - 1);
    std::string_view line = source.substr(0, end + 1);
    source.remove_prefix(end + 1);
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (!line.empty() && !is_definition(line) && !is_return(line)) return false;
  }
  return true;
}

bool names_only_columns(std::string_view formula) {
  return std::ranges::all_of(formula, [](char c) {
    return is_word(c) || std::string_view(" ~+-:*").find(c) != std::string_view::npos;
  });
}

}  // namespace assay::pickle
