#pragma once

#include "core/scan_result.h"
#include "sbom/json_writer.h"

namespace assay::sbom {

// The members of one piece of evidence: an object of the report's `provenance.evidence`.
void write_evidence_members(JsonWriter& out, const EvidenceRecord& record);

}  // namespace assay::sbom
