#include <cstdlib>
#include <span>

#include "core/bytes.h"
#include "rules/rule_set.h"

// Catalogs from --rules are accepted or refused with a message, and a file that
// was refused leaves the rules as they were.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = assay::as_text(std::as_bytes(std::span{data, size}));
  assay::RuleSet set;
  const auto added = set.add("fuzz.json", std::string(text));
  if (!added && (!set.added().empty() || added.error().message.empty())) std::abort();
  for (const assay::RuleInfo& rule : set.catalog()) {
    if (!set.find(rule.id) || rule.title.empty()) std::abort();
  }
  return 0;
}
