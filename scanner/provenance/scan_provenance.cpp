#include "scanner/provenance/scan_provenance.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/text.h"
#include "provenance/base64.h"
#include "rules/evaluator.h"
#include "scanner/provenance/model_check.h"
#include "scanner/provenance/signature_facts.h"

namespace assay {
namespace {

using FactsByPath = std::map<std::string, std::vector<Fact>>;

// What only the evidence says is judged by itself: the rest of a file is judged already.
void judge_facts(FactsByPath facts, const RuleSet& rules, ScanResult& result) {
  for (Artifact& file : result.files) {
    const auto found = facts.find(file.path);
    if (found == facts.end()) continue;
    file.facts.insert(file.facts.end(), found->second.begin(), found->second.end());
  }
  for (auto& [path, of_path] : facts) {
    Artifact carrier;
    carrier.path = path;
    carrier.facts = std::move(of_path);
    judge(carrier, rules, result.findings);
  }
}

void add_gaps(std::vector<Gap> gaps, ScanResult& result) {
  for (Gap& gap : gaps) {
    const auto file = std::ranges::find(result.files, gap.path, &Artifact::path);
    auto& list = file == result.files.end() ? result.gaps : file->gaps;
    list.push_back(std::move(gap));
  }
}

}  // namespace

ScanProvenance::ScanProvenance(const SourceListing& listing, const ScanOptions& options,
                               const std::atomic<bool>& stop)
    : listing_(listing), options_(options), stop_(stop) {
  if (options.provenance.check) places_ = find_evidence(listing);
}

DigestNeeds ScanProvenance::plan() const {
  if (places_.empty()) return {};
  DigestNeeds needs = plan_digests(listing_, places_, options_.provenance.trust, options_, stop_);
  // A scan takes the SHA-256 of each file anyway.
  for (auto& [file, requests] : needs) {
    if (options_.examine.hash) std::erase(requests, provenance::DigestRequest{});
  }
  std::erase_if(needs, [](const auto& need) { return need.second.empty(); });
  return needs;
}

void ScanProvenance::check(const KnownDigests& known, const RuleSet& rules,
                           ScanResult& result) const {
  if (!options_.provenance.check) return;
  ProvenanceCheck check =
      check_provenance(listing_, places_, options_.provenance.trust, options_, stop_, &known);
  add_gaps(std::move(check.gaps), result);
  result.provenance = std::move(check.evidence);
  FactsByPath facts = signature_facts(result);
  if (options_.provenance.require_signature) add_required(result, facts);
  judge_facts(std::move(facts), rules, result);
}

std::vector<ObservedDigests> known_digests(const Outcome& outcome) {
  std::vector<ObservedDigests> known = outcome.digests;
  const auto digest = provenance::from_hex(outcome.artifact.sha256);
  if (digest && !digest->empty()) {
    known.push_back({{.hash = provenance::HashKind::sha256}, std::string(as_text(*digest))});
  }
  return known;
}

}  // namespace assay
