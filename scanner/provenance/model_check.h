#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "core/artifact.h"
#include "core/finding.h"
#include "core/scan_result.h"
#include "scanner/engine.h"
#include "scanner/provenance/evidence_finder.h"
#include "scanner/source_files.h"

namespace assay {

// Evidence of a source and what could not be checked.
struct ProvenanceCheck {
  std::vector<EvidenceRecord> evidence;
  std::vector<Gap> gaps;
};

// Verifies the evidence at `places` of the listing. `trust` has the keys, roots and
// expectations, and nothing of the evidence; `known` what a scan found out of each
// file (null: nothing).
ProvenanceCheck check_provenance(const SourceListing& listing,
                                 const std::vector<EvidencePlace>& places,
                                 const VerifyRequest& trust, const ScanOptions& options,
                                 const std::atomic<bool>& stop,
                                 const std::vector<Artifact>* known = nullptr);

}  // namespace assay
