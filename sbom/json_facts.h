#pragma once

#include "core/artifact.h"
#include "sbom/fact_summary.h"
#include "sbom/json_writer.h"

namespace assay::sbom {

// The members of the report's `facts` object; none for an artifact without facts.
void write_facts(JsonWriter& out, const Artifact& artifact);

// `groups` as an object: a text for a key with one value, else an array of them.
void write_groups(JsonWriter& out, const std::vector<KeyValues>& groups);

}  // namespace assay::sbom
