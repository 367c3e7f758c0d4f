#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scan_result.h"
#include "sbom/json_writer.h"

namespace assay::sbom {

// The rules of a SARIF run: the whole catalog, then rules that only findings
// name. A result's ruleIndex is the place in this list.
class SarifRules {
 public:
  explicit SarifRules(const ScanResult& result);

  std::size_t index_of(const std::string& rule) const { return places_.at(rule); }
  void write(JsonWriter& out) const;  // the members of tool.driver about rules
  void write_taxonomies(JsonWriter& out) const;

 private:
  void add(RuleInfo rule);

  std::vector<RuleInfo> rules_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<int> cwes_;  // that any rule names, ascending
};

std::string_view sarif_level(Severity severity);  // "error", "warning", "note"
std::string_view sarif_rank(Severity severity);   // 0 to 100, a JSON number

// `text` for a SARIF message: escaped(), and without what SARIF would take for
// a placeholder ("{0}") or a link ("[a](b)").
std::string sarif_text(std::string_view text);

// The same as a sentence: exactly one full stop at its end.
std::string sentence(std::string_view text);

}  // namespace assay::sbom
