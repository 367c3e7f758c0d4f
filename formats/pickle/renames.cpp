#include "formats/pickle/renames.h"

#include <map>
#include <utility>

extern "C" const char assay_pickle_renames[];
extern "C" const char assay_pickle_renames_end[];

namespace assay::pickle {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

// What stands before `end`, which is taken off with it.
std::string_view take_until(std::string_view& text, char end) {
  const std::string_view field = text.substr(0, text.find(end));
  text.remove_prefix(field.size() == text.size() ? field.size() : field.size() + 1);
  return field;
}

// Rows without a name rename the module only.
std::map<Key, QualifiedName> read_rows() {
  std::string_view text(assay_pickle_renames, assay_pickle_renames_end);
  std::map<Key, QualifiedName> rows;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    const std::string_view module = take_until(line, '\t');
    const std::string_view name = take_until(line, '\t');
    const std::string_view new_module = take_until(line, '\t');
    rows.emplace(Key{module, name}, QualifiedName{new_module, line});
  }
  return rows;
}

}  // namespace

QualifiedName renamed(QualifiedName old) {
  static const std::map<Key, QualifiedName> rows = read_rows();
  if (const auto row = rows.find({old.module, old.name}); row != rows.end() && !old.name.empty()) {
    return row->second;
  }
  if (const auto row = rows.find({old.module, ""}); row != rows.end()) {
    return {row->second.module, old.name};
  }
  return old;
}

}  // namespace assay::pickle
