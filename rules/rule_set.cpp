#include "rules/rule_set.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/text.h"
#include "rules/built_in_files.h"

namespace assay {
namespace {

using namespace rules;

enum class FileKind : std::uint8_t { gadgets, allow, modules, catalog, other };

// Whether the last folder, or the file itself, is called `word`.
bool is_called(std::string_view name, std::string_view word) {
  const std::string_view base = base_name(name);
  std::string_view folder = name.substr(0, name.size() - base.size());
  if (folder.ends_with('/')) folder.remove_suffix(1);
  return base == std::string(word) + ".tsv" || base_name(folder) == word;
}

FileKind kind_of_file(std::string_view name) {
  if (name.ends_with(".json")) return FileKind::catalog;
  if (!name.ends_with(".tsv")) return FileKind::other;
  if (is_called(name, "gadgets")) return FileKind::gadgets;
  if (is_called(name, "allow")) return FileKind::allow;
  return is_called(name, "known-modules") ? FileKind::modules : FileKind::other;
}

std::optional<TableKind> table_kind(FileKind kind) {
  switch (kind) {
    case FileKind::gadgets:
      return TableKind::gadgets;
    case FileKind::allow:
      return TableKind::allow;
    case FileKind::modules:
      return TableKind::modules;
    default:
      return std::nullopt;
  }
}

Parsed<void> check_unique(const std::vector<Rule>& all) {
  std::set<std::string_view> ids;
  for (const Rule& rule : all) {
    if (ids.insert(rule.info.id).second) continue;
    return fail(ParseErrc::malformed, 0, "rule " + rule.info.id + " is defined twice");
  }
  return {};
}

}  // namespace

Parsed<RuleSet> RuleSet::built_in() {
  RuleSet set;
  for (const BuiltInFile& file : built_in_files()) {
    set.files_.push_back({std::string(file.name), file.text, true});
  }
  if (const auto indexed = set.index(); !indexed) return std::unexpected(indexed.error());
  return set;
}

// Reads all files anew: catalogs into rules, tables into layers.
Parsed<void> RuleSet::index() {
  std::vector<Rule> read_rules;
  NameTables tables;
  for (const bool built_in : {true, false}) {
    tables.start_layer();
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const Stored& file = files_[i];
      if (file.built_in != built_in) continue;
      if (const auto kind = table_kind(kind_of_file(file.name))) {
        tables.add(*kind, file.text);
        continue;
      }
      auto read = read_catalog(file.name, file.text, built_in ? SampleCheck::no : SampleCheck::yes);
      if (!read) return std::unexpected(read.error());
      for (Rule& rule : *read) {
        rule.file = i;
        read_rules.push_back(std::move(rule));
      }
    }
  }
  if (auto unique = check_unique(read_rules); !unique) return unique;
  rules_ = std::move(read_rules);
  tables_ = std::move(tables);
  catalog_.clear();
  for (const Rule& rule : rules_) catalog_.push_back(rule.info);
  return {};
}

Parsed<void> RuleSet::add(std::string_view name, std::string text) {
  const FileKind kind = kind_of_file(name);
  if (kind == FileKind::other) {
    return fail(ParseErrc::unsupported, 0, std::string(name) + ": neither a catalog nor a table");
  }
  if (const auto table = table_kind(kind)) {
    auto sorted = sorted_table(name, text, *table);
    if (!sorted) return std::unexpected(sorted.error());
    text = std::move(*sorted);
  }
  const std::vector<Stored> before = files_;
  texts_.push_back(std::move(text));
  std::erase_if(files_, [&](const Stored& file) { return file.name == name; });
  files_.push_back({std::string(name), texts_.back(), false});
  auto indexed = index();
  if (!indexed) {
    files_ = before;
    texts_.pop_back();
  }
  return indexed;
}

const RuleInfo* RuleSet::find(std::string_view id) const {
  const auto at = std::ranges::find(catalog_, id, &RuleInfo::id);
  return at == catalog_.end() ? nullptr : &*at;
}

std::vector<RuleSample> RuleSet::samples(std::string_view id) const {
  for (const Rule& rule : rules_) {
    if (rule.info.id == id) return read_samples(files_[rule.file].text, id);
  }
  return {};
}

std::vector<RuleSet::File> RuleSet::added() const {
  std::vector<File> out;
  for (const Stored& file : files_) {
    if (!file.built_in) out.push_back({file.name, file.text});
  }
  std::ranges::sort(out, {}, &File::name);
  return out;
}

}  // namespace assay
