#include <cstdlib>
#include <span>

#include "core/bytes.h"
#include "rules/rule_set.h"

namespace {

// A table that is accepted gives back every line by its key.
void check_table(std::string_view text, assay::rules::TableKind kind) {
  const auto sorted = assay::rules::sorted_table("fuzz.tsv", text, kind);
  if (!sorted) return;
  const assay::rules::NameTable table(*sorted);
  for (const assay::rules::Row& row : table.rows()) {
    if (table.find(row[0]) != row) std::abort();
  }
}

}  // namespace

// Rule files from --rules are accepted or refused with a message, and a file
// that was refused leaves the rules as they were.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = assay::as_text(std::as_bytes(std::span{data, size}));
  for (const auto kind : {assay::rules::TableKind::gadgets, assay::rules::TableKind::allow,
                          assay::rules::TableKind::modules}) {
    check_table(text, kind);
  }
  assay::RuleSet set;
  const auto added = set.add("fuzz.json", std::string(text));
  if (!added && (!set.added().empty() || added.error().message.empty())) std::abort();
  for (const assay::RuleInfo& rule : set.catalog()) {
    if (!set.find(rule.id) || rule.title.empty()) std::abort();
  }
  return 0;
}
