#include "scanner/policy/table_reader.h"

#include <algorithm>

#include "core/text.h"

namespace assay::policy {
namespace {

constexpr std::size_t kMaxTextSize = 4096;
constexpr std::size_t kMaxListSize = 1000;

std::string quoted(std::string_view key) { return "'" + escaped(shortened(key, 60)) + "'"; }

}  // namespace

TableReader::TableReader(const TomlValue& value, std::string name)
    : table_(&std::get<TomlTable>(value.value)), line_(value.line), name_(std::move(name)) {}

void TableReader::complain(std::uint32_t line, std::string_view what) {
  if (!error_) error_ = fail_at(line, what).error();
}

void TableReader::adopt(const TableReader& inner) {
  if (!error_) error_ = inner.error_;
}

void TableReader::wrong(std::string_view key, std::uint32_t line, std::string_view expected) {
  complain(line, name_ + ": " + quoted(key) + ": expected " + std::string(expected));
}

const TomlValue* TableReader::find(std::string_view key) {
  asked_.emplace(key);
  const auto found = table_->find(key);
  return found == table_->end() ? nullptr : &found->second;
}

template <typename T>
const T* TableReader::find_as(std::string_view key, std::string_view expected) {
  const TomlValue* value = find(key);
  if (!value) return nullptr;
  const T* typed = std::get_if<T>(&value->value);
  if (!typed) wrong(key, value->line, expected);
  return typed;
}

std::optional<std::string> TableReader::checked_text(const TomlValue& value, std::string_view key,
                                                     std::string_view expected) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text && !text->empty() && text->size() <= kMaxTextSize && !text->contains('\0')) {
    return *text;
  }
  wrong(key, value.line, expected);
  return std::nullopt;
}

std::string TableReader::text(std::string_view key) {
  const TomlValue* value = find(key);
  if (!value) return {};
  return checked_text(*value, key, "a string that is not empty").value_or("");
}

std::string TableReader::required_text(std::string_view key) {
  if (!has(key)) complain(name_ + " has no " + quoted(key));
  return text(key);
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  constexpr std::string_view kExpected = "a string, or a list of them, none empty";
  const TomlValue* value = find(key);
  std::vector<std::string> out;
  if (!value) return out;
  const auto* list = std::get_if<TomlArray>(&value->value);
  if (!list) {
    if (auto one = checked_text(*value, key, kExpected)) out.push_back(std::move(*one));
    return out;
  }
  if (list->empty() || list->size() > kMaxListSize) wrong(key, value->line, "1 to 1,000 strings");
  if (list->size() > kMaxListSize) return out;
  for (const TomlValue& item : *list) {
    auto one = checked_text(item, key, kExpected);
    if (!one) return {};
    if (std::ranges::find(out, *one) != out.end()) {
      complain(item.line, name_ + ": " + quoted(key) + " has " + quoted(*one) + " twice");
    }
    out.push_back(std::move(*one));
  }
  return out;
}

bool TableReader::flag(std::string_view key) {
  const bool* value = find_as<bool>(key, "true or false");
  return value && *value;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
  const std::string expected =
      "an integer from " + std::to_string(least) + " to " + std::to_string(most);
  const auto* value = find_as<std::int64_t>(key, expected);
  if (!value) return std::nullopt;
  if (*value < least || *value > most) wrong(key, find(key)->line, expected);
  return *value;
}

std::optional<Date> TableReader::date(std::string_view key) {
  const auto* value = find_as<Date>(key, "a date without quotes, like 2027-03-01");
  return value ? std::optional(*value) : std::nullopt;
}

std::vector<TableReader> TableReader::tables(std::string_view key, std::size_t limit) {
  const std::string expected = "tables, each headed [[...]]";
  const auto* list = find_as<TomlArray>(key, expected);
  std::vector<TableReader> out;
  if (!list) return out;
  if (list->size() > limit) {
    wrong(key, find(key)->line, "at most " + std::to_string(limit) + " tables");
    return out;
  }
  for (const TomlValue& item : *list) {
    if (std::holds_alternative<TomlTable>(item.value)) {
      out.emplace_back(item, "[[" + std::string(key) + "]]");
    } else {
      wrong(key, item.line, expected);
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> TableReader::text_table(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto* table = find_as<TomlTable>(key, "a table of strings");
  if (!table) return out;
  for (const auto& [name, value] : *table) {
    auto text = checked_text(value, name, "a string that is not empty");
    if (text) out.emplace_back(name, std::move(*text));
  }
  if (table->empty()) wrong(key, find(key)->line, "at least one name and its value");
  return out;
}

void TableReader::finish() {
  for (const auto& [key, value] : *table_) {
    if (asked_.contains(key)) continue;
    std::string known;
    for (const std::string& name : asked_) known += (known.empty() ? "" : ", ") + name;
    complain(value.line, name_ + ": unknown key " + quoted(key) + "; expected one of " + known);
  }
}

}  // namespace assay::policy
