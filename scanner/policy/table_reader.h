#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/policy/toml_document.h"

namespace assay::policy {

// Reads a table strictly: the first thing that is wrong with it, or with a table inside
// it, sticks, and what is read afterwards is empty. Ask error() once, after finish().
class TableReader {
 public:
  // `name` is how messages call the table: "[[suppress]]". `value` must hold a table and
  // outlive the reader.
  TableReader(const TomlValue& value, std::string name);

  std::uint32_t line() const { return line_; }
  bool has(std::string_view key) const { return table_->contains(key); }

  // A string that is not empty; an empty one stands for none when it is not given.
  std::string text(std::string_view key);
  std::string required_text(std::string_view key);
  // One such string, or a list of at least one, without repetitions.
  std::vector<std::string> texts(std::string_view key);
  bool flag(std::string_view key);
  // An integer from `least` to `most`.
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<Date> date(std::string_view key);
  // The tables of a list of tables, each named "[[key]]"; at most `limit`.
  std::vector<TableReader> tables(std::string_view key, std::size_t limit);
  // A table of strings, by key.
  std::vector<std::pair<std::string, std::string>> text_table(std::string_view key);

  // Every key that nobody asked for is an error. Then what is wrong, if anything.
  void finish();
  void complain(std::uint32_t line, std::string_view what);
  void complain(std::string_view what) { complain(line_, what); }
  // Takes over what a table inside this one complained of.
  void adopt(const TableReader& inner);
  const std::optional<ParseError>& error() const { return error_; }

 private:
  const TomlValue* find(std::string_view key);
  template <typename T>
  const T* find_as(std::string_view key, std::string_view expected);
  void wrong(std::string_view key, std::uint32_t line, std::string_view expected);
  std::optional<std::string> checked_text(const TomlValue& value, std::string_view key,
                                          std::string_view expected);

  const TomlTable* table_;
  std::uint32_t line_ = 0;
  std::string name_;
  std::set<std::string, std::less<>> asked_;
  std::optional<ParseError> error_;
};

}  // namespace assay::policy
