#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/finding.h"
#include "rules/catalog.h"
#include "rules/name_tables.h"

namespace assay {

// The rules in force: catalog entries and name tables, built in or added.
class RuleSet {
 public:
  // One file of rules, for a digest over them. `name` is relative to rules/.
  struct File {
    std::string name;
    std::string_view text;
  };

  // What was compiled in. Cheap: the tables are searched where they lie.
  static Parsed<RuleSet> built_in();

  RuleSet() = default;
  RuleSet(RuleSet&&) = default;
  RuleSet& operator=(RuleSet&&) = default;

  // Adds one file of a --rules directory, or replaces the one of that name. The
  // name says what it is: `gadgets/*.tsv`, `allow/*.tsv` (or `gadgets.tsv`,
  // `allow.tsv`), `known-modules.tsv`, and every `*.json` is a catalog. Other
  // names fail as `unsupported`. Added tables win over those built in. On failure
  // nothing has changed.
  Parsed<void> add(std::string_view name, std::string text);

  // Every rule in the order of the files and entries.
  std::span<const RuleInfo> catalog() const { return catalog_; }
  const RuleInfo* find(std::string_view id) const;
  // The samples of a rule, none for an unknown id.
  std::vector<RuleSample> samples(std::string_view id) const;

  // SHA-256 in hex over the files compiled in, YARA's among them.
  static std::string_view built_in_digest();
  // The files added to them, sorted by name.
  std::vector<File> added() const;

  // For the evaluator.
  std::span<const rules::Rule> rules() const { return rules_; }
  const rules::NameTables& tables() const { return tables_; }

 private:
  struct Stored {
    std::string name;
    std::string_view text;
    bool built_in = false;
  };

  Parsed<void> index();

  std::deque<std::string> texts_;  // of added files; never moved
  std::vector<Stored> files_;
  std::vector<rules::Rule> rules_;
  std::vector<RuleInfo> catalog_;
  rules::NameTables tables_;
};

}  // namespace assay
