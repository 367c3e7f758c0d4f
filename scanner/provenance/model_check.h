#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "core/finding.h"
#include "core/scan_result.h"
#include "scanner/engine.h"
#include "scanner/provenance/evidence_finder.h"
#include "scanner/provenance/observation.h"
#include "scanner/source_files.h"

namespace assay {

// Evidence of a source and what could not be checked.
struct ProvenanceCheck {
  std::vector<EvidenceRecord> evidence;
  std::vector<Gap> gaps;
};

// The digests of the listing's files that the evidence at `places` needs, for whoever
// reads these files anyway. Rows of more than 64 KiB are left to check_provenance().
DigestNeeds plan_digests(const SourceListing& listing, const std::vector<EvidencePlace>& places,
                         const VerifyRequest& trust, const ScanOptions& options,
                         const std::atomic<bool>& stop);

// Verifies the evidence at `places` of the listing. `trust` has the keys, roots and
// expectations, and nothing of the evidence; `known` what a scan found out of each
// file (null: nothing).
ProvenanceCheck check_provenance(const SourceListing& listing,
                                 const std::vector<EvidencePlace>& places,
                                 const VerifyRequest& trust, const ScanOptions& options,
                                 const std::atomic<bool>& stop,
                                 const KnownDigests* known = nullptr);

}  // namespace assay
