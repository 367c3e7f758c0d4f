#pragma once

#include <atomic>
#include <vector>

#include "core/scan_result.h"
#include "rules/rule_set.h"
#include "scanner/engine.h"
#include "scanner/provenance/evidence_finder.h"
#include "scanner/provenance/observation.h"

namespace assay {

// The evidence of a scan's source: found before its files are read, so that the digests
// it needs are taken while they are, and checked afterwards. All three must outlive it.
class ScanProvenance {
 public:
  ScanProvenance(const SourceListing& listing, const ScanOptions& options,
                 const std::atomic<bool>& stop);

  // By place in the listing.
  DigestNeeds plan() const;

  // Adds the evidence, how each file stands to it, what the rules find in that, and what
  // could not be checked. `known` are the digests of the listing's files.
  void check(const KnownDigests& known, const RuleSet& rules, ScanResult& result) const;

 private:
  const SourceListing& listing_;
  const ScanOptions& options_;
  const std::atomic<bool>& stop_;
  std::vector<EvidencePlace> places_;
};

// What reading a file has told of its content.
std::vector<ObservedDigests> known_digests(const Outcome& outcome);

}  // namespace assay
