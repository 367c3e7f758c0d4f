#pragma once

#include "core/format.h"

namespace assay::onnx {

// Looks at the top-level fields without going over the graph.
Confidence identify(const Probe& probe);

}  // namespace assay::onnx
