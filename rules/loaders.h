#pragma once

#include <string_view>
#include <vector>

#include "core/artifact.h"
#include "core/finding.h"

namespace assay::rules {

// How a pickle comes to be loaded.
struct Carrier {
  std::string_view kind;          // first column of loaders.tsv; empty: not known
  std::string_view weights_only;  // torch's answer for the file; empty: there is none
};

// What `artifact` is to loaders, being a member of `parent` or a file of its own
// (null). The answer's text is the artifacts'.
Carrier carrier_of(const Artifact& artifact, const Artifact* parent);

// Who runs what the pickle calls, and who refuses: "run_by", "refused_by", and
// with it why "weights_only" does. Nothing where it is not known.
std::vector<Evidence> loader_evidence(const Carrier& carrier);

}  // namespace assay::rules
