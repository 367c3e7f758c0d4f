#pragma once

#include <string>

#include "core/scan_result.h"
#include "sbom/text_finding.h"

namespace assay::sbom {

// The lines of one piece of evidence: its state, signer and times, what failed, and
// the files that are not covered; with `style.verbose` every check and every file.
std::string evidence_lines(const EvidenceRecord& record, const TextStyle& style);

}  // namespace assay::sbom
