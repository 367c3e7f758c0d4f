#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/artifact.h"

namespace assay::sbom {

// A list of facts in a report holds so many; FactTotals::left_out counts the rest.
inline constexpr std::size_t kMaxListedFacts = 1'000;

// A key and all its values, each key once, in the order of first appearance.
// Text is valid UTF-8.
struct KeyValues {
  std::string key;
  std::vector<std::string> values;
};

// What reports say of an artifact's facts: lists of those that matter one by
// one, totals of the others. Points into the artifact.
struct FactSummary {
  std::vector<KeyValues> metadata;
  std::vector<const Fact*> calls;
  std::vector<const Fact*> code;
  std::vector<const Fact*> references;
  std::vector<const Fact*> embedded;
  std::vector<const Fact*> anomalies;
  std::vector<const Fact*> matches;
  std::vector<const Fact*> signatures;
  FactTotals totals;
};

FactSummary summarize(const Artifact& artifact);

// Only the tensors of it, for formats that show no more.
TensorTotals tensor_totals(const Artifact& artifact);

std::vector<KeyValues> grouped(const std::vector<Evidence>& evidence);

// `text` as valid UTF-8 of at most `limit` bytes, "..." at its end when cut.
std::string excerpt(std::string_view text, std::size_t limit);

}  // namespace assay::sbom
