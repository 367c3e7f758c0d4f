#include "rules/loaders.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.h"

extern "C" const char assay_loaders[];
extern "C" const char assay_loaders_end[];

namespace assay::rules {
namespace {

struct Row {
  std::string_view kind;
  std::string_view loader;
  std::string_view answer;
};

// What stands before `end`, which is taken off with it.
std::string_view take_until(std::string_view& text, char end) {
  const std::string_view field = text.substr(0, text.find(end));
  text.remove_prefix(field.size() == text.size() ? field.size() : field.size() + 1);
  return field;
}

const std::vector<Row>& table() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> out;
    std::string_view text(assay_loaders, assay_loaders_end);
    while (!text.empty()) {
      std::string_view line = take_until(text, '\n');
      if (line.starts_with('#')) continue;
      const std::string_view kind = take_until(line, '\t');
      const std::string_view loader = take_until(line, '\t');
      out.push_back({kind, loader, line});
    }
    return out;
  }();
  return rows;
}

// Where a name comes twice there are two answers; the one that loads counts.
std::string_view answer_of(const Artifact& artifact) {
  std::string_view answer;
  for (const Fact& fact : artifact.facts) {
    const auto* metadata = std::get_if<Metadata>(&fact.value);
    if (!metadata || metadata->key != "torch.weights_only") continue;
    if (answer.empty() || metadata->value == "yes") answer = metadata->value;
  }
  return answer;
}

// "archive/data.pkl": what torch.load unpickles of its archives.
bool is_data_pickle(const Artifact& artifact, const Artifact& parent) {
  const std::string name =
      to_lower(std::string_view(artifact.path)
                   .substr(std::min(artifact.path.size(),
                                    parent.path.size() + std::string_view("!/").size())));
  return name.ends_with("/data.pkl") && std::ranges::count(name, '/') == 1;
}

void append(std::string& list, std::string_view word) {
  if (!list.empty()) list += ", ";
  list += word;
}

}  // namespace

Carrier carrier_of(const Artifact& artifact, const Artifact* parent) {
  if (artifact.format == "torch-legacy") return {"torch-legacy", answer_of(artifact)};
  const auto row = std::ranges::find(table(), artifact.format, &Row::kind);
  if (row == table().end() || artifact.format.starts_with("torch")) return {};
  if (!parent || !parent->format.starts_with("torch")) return {row->kind, {}};
  if (parent->format != "torch-zip" || !is_data_pickle(artifact, *parent)) return {};
  return {"torch-zip", answer_of(*parent)};
}

std::vector<Evidence> loader_evidence(const Carrier& carrier) {
  std::array<std::string, 2> lists;
  for (const Row& row : table()) {
    if (row.kind != carrier.kind) continue;
    const bool by_answer = row.answer == "weights_only";
    if (by_answer && carrier.weights_only.empty()) continue;
    const bool refuses = row.answer == "refuses" || (by_answer && carrier.weights_only != "yes");
    append(lists[refuses ? 1 : 0], row.loader);
  }
  std::vector<Evidence> evidence;
  if (!lists[0].empty()) evidence.push_back({"run_by", lists[0]});
  if (!lists[1].empty()) evidence.push_back({"refused_by", lists[1]});
  if (!carrier.weights_only.empty()) {
    evidence.push_back({"weights_only", std::string(carrier.weights_only)});
  }
  return evidence;
}

}  // namespace assay::rules
