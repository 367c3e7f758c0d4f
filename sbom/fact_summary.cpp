#include "sbom/fact_summary.h"

#include <limits>
#include <unordered_map>

#include "core/text.h"

namespace assay::sbom {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > kMax - b ? kMax : a + b;
}

std::uint64_t parameters_of(const Tensor& tensor) {
  std::uint64_t product = 1;
  for (const std::uint64_t length : tensor.shape) {
    if (length == 0) return 0;
    product = product > kMax / length ? kMax : product * length;
  }
  return product;
}

void count(TensorTotals& totals, const Tensor& tensor) {
  ++totals.count;
  totals.parameters = saturating_add(totals.parameters, parameters_of(tensor));
  totals.bytes = saturating_add(totals.bytes, tensor.byte_size);
}

class KeyGroups {
 public:
  void add(std::string_view key, std::string_view value) {
    std::string name = to_utf8(key);
    const auto [at, is_new] = places_.try_emplace(name, groups_.size());
    if (is_new) groups_.push_back({std::move(name), {}});
    groups_[at->second].values.push_back(to_utf8(value));
  }
  std::vector<KeyValues> take() { return std::move(groups_); }

 private:
  std::vector<KeyValues> groups_;
  std::unordered_map<std::string, std::size_t> places_;
};

// Sorts facts into the lists of a summary, one overload a kind.
class Summarizer {
 public:
  explicit Summarizer(FactTotals totals) { summary_.totals = std::move(totals); }

  void add(const Fact& fact) {
    std::visit([&](const auto& value) { add(fact, value); }, fact.value);
  }
  FactSummary take() {
    summary_.metadata = metadata_.take();
    return std::move(summary_);
  }

 private:
  void add(const Fact&, const Import&) {}  // reported as Artifact::imports
  void add(const Fact& fact, const Call&) { list(summary_.calls, "calls", fact); }
  void add(const Fact& fact, const CodeBlob&) { list(summary_.code, "code", fact); }
  void add(const Fact& fact, const Reference&) { list(summary_.references, "references", fact); }
  void add(const Fact& fact, const Embedded&) { list(summary_.embedded, "embedded", fact); }
  void add(const Fact& fact, const Anomaly&) { list(summary_.anomalies, "anomalies", fact); }
  void add(const Fact& fact, const Match&) { list(summary_.matches, "matches", fact); }
  void add(const Fact& fact, const Signature&) { list(summary_.signatures, "signatures", fact); }
  void add(const Fact&, const Instruction&) {}           // a report has none
  void add(const Fact&, const provenance::Evidence&) {}  // it has a place of its own
  void add(const Fact&, const ContentDigest&) {}         // whoever asked for it took it
  void add(const Fact&, const Member& member) {
    MemberTotals& totals = summary_.totals.members;
    ++totals.count;
    totals.stored_size = saturating_add(totals.stored_size, member.stored_size);
    totals.size = saturating_add(totals.size, member.size);
  }
  void add(const Fact&, const Metadata& metadata) {
    if (!has_room(metadata_count_++, "metadata")) return;
    metadata_.add(metadata.key, metadata.value);
  }
  void add(const Fact&, const Tensor& tensor) {
    count(summary_.totals.tensors, tensor);
    auto& by_dtype = summary_.totals.tensors_by_dtype;
    std::string dtype = to_utf8(tensor.dtype);
    if (!by_dtype.contains(dtype) && !has_room(by_dtype.size(), "by_dtype")) return;
    count(by_dtype[std::move(dtype)], tensor);
  }

  void list(std::vector<const Fact*>& facts, const char* name, const Fact& fact) {
    if (has_room(facts.size(), name)) facts.push_back(&fact);
  }
  bool has_room(std::size_t listed, const char* name) {
    if (listed < kMaxListedFacts) return true;
    ++summary_.totals.left_out[name];
    return false;
  }

  FactSummary summary_;
  KeyGroups metadata_;
  std::size_t metadata_count_ = 0;
};

}  // namespace

FactSummary summarize(const Artifact& artifact) {
  Summarizer summarizer{artifact.totals.value_or(FactTotals{})};
  for (const Fact& fact : artifact.facts) summarizer.add(fact);
  return summarizer.take();
}

TensorTotals tensor_totals(const Artifact& artifact) {
  TensorTotals totals = artifact.totals ? artifact.totals->tensors : TensorTotals{};
  for (const Fact& fact : artifact.facts) {
    if (const auto* tensor = std::get_if<Tensor>(&fact.value)) count(totals, *tensor);
  }
  return totals;
}

std::vector<KeyValues> grouped(const std::vector<Evidence>& evidence) {
  KeyGroups groups;
  for (const Evidence& entry : evidence) groups.add(entry.key, entry.value);
  return groups.take();
}

std::string excerpt(std::string_view text, std::size_t limit) {
  // Cutting first bounds the work; the cut may fall into a sequence, hence the slack.
  std::string clean = to_utf8(text.substr(0, limit + 4));
  return clean.size() <= limit ? clean : shortened(clean, limit - 3);
}

}  // namespace assay::sbom
