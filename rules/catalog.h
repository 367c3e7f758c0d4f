#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/fact.h"
#include "core/finding.h"
#include "rules/condition.h"

namespace assay {

// A sample of a rule: bytes given in the entry, or the path of a corpus file.
struct RuleSample {
  std::string name;  // the file name it is examined under; may be empty
  std::string file;  // "corpus/...", relative to the source tree; or empty:
  std::string bytes;
  // Facts that no bytes bring about by themselves: an anomaly's code, or empty;
  std::string anomaly;
  std::optional<Signature> signature;  // how evidence stands to a file
  bool fires = false;                  // the rule must fire on it, else it must stay silent
};

namespace rules {

// Where a rule's severity comes from.
enum class SeveritySource : std::uint8_t {
  catalog,  // the entry names it
  gadget,   // the gadget table's row and the use
  fact,     // the fact's own field `severity` (YARA's meta)
};

// One entry of a catalog file. RuleInfo::severity is the worst it can have.
struct Rule {
  RuleInfo info;
  SeveritySource severity_source = SeveritySource::catalog;
  std::string fact;  // the kind it reads
  std::vector<Condition> conditions;
  bool fallback = false;  // fires only on facts that no other rule fired on
  std::size_t file = 0;   // of RuleSet::content(), where its samples are
};

// Whether samples are looked at too, or only kept where they are.
enum class SampleCheck : bool { no, yes };

// The rules of a catalog file, `{"rules": [...]}`. Fails with "name:line: what
// is wrong" on unknown keys, kinds or fields and on missing texts; with
// SampleCheck::yes also on samples that are none. `text` is trusted to be a rule
// author's, not hostile, but is checked as if it were.
Parsed<std::vector<Rule>> read_catalog(std::string_view name, std::string_view text,
                                       SampleCheck check);

// The samples of rule `id` in a catalog file, none if they are not well formed.
std::vector<RuleSample> read_samples(std::string_view text, std::string_view id);

}  // namespace rules
}  // namespace assay
