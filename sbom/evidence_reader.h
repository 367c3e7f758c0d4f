#pragma once

#include <vector>

#include "core/scan_result.h"
#include "sbom/json_reader.h"

namespace assay::sbom {

// What write_evidence_members() wrote into `provenance.evidence` of a report; nothing
// from reports of versions that had none.
std::vector<EvidenceRecord> read_provenance(JsonReader& in, const JsonObject& report);

}  // namespace assay::sbom
