#include "rules/name_table.h"

#include <algorithm>
#include <cstring>

#include "core/finding.h"
#include "rules/vocabulary.h"

namespace assay::rules {
namespace {

std::string_view line_at(std::string_view text, std::size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

std::string_view key_of(std::string_view line) { return line.substr(0, line.find('\t')); }

Row split(std::string_view line) {
  Row row;
  for (std::string_view& column : row) {
    const std::size_t tab = line.find('\t');
    column = line.substr(0, tab);
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  return row;
}

std::string_view without_comments(std::string_view text) {
  while (text.starts_with('#')) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return text;
}

std::size_t column_count(TableKind kind) {
  switch (kind) {
    case TableKind::gadgets:
      return 4;
    case TableKind::allow:
      return 3;
    case TableKind::modules:
      break;
  }
  return 2;
}

bool are_known_effects(std::string_view effects) {
  const auto words = split_effects(effects);
  return !words.empty() && std::ranges::all_of(words, is_effect);
}

// What is wrong with a line, empty if nothing is.
std::string_view complaint(std::string_view line, TableKind kind) {
  const auto tabs = static_cast<std::size_t>(std::ranges::count(line, '\t'));
  if (tabs + 1 != column_count(kind)) return "wrong number of columns";
  const Row row = split(line);
  Severity severity{};
  Shape shape{};
  if (row[0].empty()) return "empty name";
  switch (kind) {
    case TableKind::gadgets:
      if (!are_known_effects(row[1])) return "unknown effect";
      if (!severity_from(row[2], severity)) return "unknown severity";
      break;
    case TableKind::allow:
      if (!shape_from(row[1], shape)) return "unknown shape";
      break;
    case TableKind::modules:
      if (row[1] != "stdlib" && row[1] != "framework") return "neither stdlib nor framework";
  }
  return {};
}

std::unexpected<ParseError> table_error(std::string_view name, std::size_t line,
                                        std::string_view what) {
  return fail(ParseErrc::malformed, 0,
              std::string(name) + ":" + std::to_string(line) + ": " + std::string(what));
}

struct Line {
  std::string_view text;
  std::size_t number = 0;
};

}  // namespace

NameTable::NameTable(std::string_view sorted_text) : lines_(without_comments(sorted_text)) {}

// The first line whose key is not less than `key`; empty behind the last.
std::string_view NameTable::lower_bound(std::string_view key) const {
  std::size_t low = 0;
  std::size_t high = lines_.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t newline =
        middle == 0 ? std::string_view::npos : lines_.rfind('\n', middle - 1);
    const std::size_t start =
        newline == std::string_view::npos || newline < low ? low : newline + 1;
    const std::string_view line = line_at(lines_, start);
    if (key_of(line) < key) {
      low = start + line.size() + 1;
    } else {
      high = start;
    }
  }
  return low < lines_.size() ? line_at(lines_, low) : std::string_view();
}

std::optional<Row> NameTable::find(std::string_view key) const {
  const std::string_view line = lower_bound(key);
  if (line.empty() || key_of(line) != key) return std::nullopt;
  return split(line);
}

bool NameTable::has_prefix(std::string_view prefix) const {
  const std::string_view line = lower_bound(prefix);
  return !line.empty() && key_of(line).starts_with(prefix);
}

std::vector<Row> NameTable::rows() const {
  std::vector<Row> out;
  for (std::size_t at = 0; at < lines_.size();) {
    const std::string_view line = line_at(lines_, at);
    out.push_back(split(line));
    at += line.size() + 1;
  }
  return out;
}

Parsed<std::string> sorted_table(std::string_view name, std::string_view text, TableKind kind) {
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = line_at(text, at);
    at += line.size() + 1;
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto what = complaint(line, kind); !what.empty()) {
      return table_error(name, number, what);
    }
    lines.push_back({line, number});
  }
  std::ranges::stable_sort(lines, {}, [](const Line& line) { return key_of(line.text); });
  const auto twice =
      std::ranges::adjacent_find(lines, {}, [](const Line& line) { return key_of(line.text); });
  if (twice != lines.end()) return table_error(name, std::next(twice)->number, "named twice");
  std::string out;
  for (const Line& line : lines) (out += line.text) += '\n';
  return out;
}

}  // namespace assay::rules
