#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "rules/yara/yara_scanner.h"

// Matches lie inside what was scanned, and a second scan finds the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const assay::YaraRules rules = assay::YaraRules::built_in().value();
  static assay::YaraScanner scanner(rules);
  const auto scan = [&] {
    assay::MemorySource source(std::as_bytes(std::span(data, size)));
    assay::Budget budget;
    const assay::Region whole{0, size};
    std::vector<assay::Fact> facts;
    (void)scanner.scan(source, std::span(&whole, 1), budget,
                       [&](assay::Fact fact) { facts.push_back(std::move(fact)); });
    return facts;
  };
  const std::vector<assay::Fact> facts = scan();
  for (const assay::Fact& fact : facts) {
    if (fact.offset > size || fact.size > size - fact.offset) std::abort();
  }
  if (scan() != facts) std::abort();
  return 0;
}
