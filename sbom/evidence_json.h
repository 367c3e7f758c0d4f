#pragma once

#include "core/scan_result.h"
#include "sbom/json_writer.h"

namespace assay::sbom {

// One piece of evidence as an object of the report's `provenance.evidence`.
void write_evidence(JsonWriter& out, const EvidenceRecord& record);

}  // namespace assay::sbom
