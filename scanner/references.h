#pragma once

#include <vector>

#include "core/artifact.h"

namespace assay {

// Files that another file of the same source names as its raw data (ONNX
// external data) have no format of their own: their loader takes them as
// numbers. They stop being a gap, and become "raw-data". Anything else that is
// wrong with them stays.
void settle_references(const std::vector<Artifact*>& files);

}  // namespace assay
