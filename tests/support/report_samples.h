#pragma once

#include <string>
#include <vector>

#include "core/scan_result.h"

namespace assay::test {

struct Sample {
  std::string name;
  ScanResult result;
};

// Scan results for the report writers: an ordinary one and hostile ones.
std::vector<Sample> report_samples();

ScanResult ordinary_result();
ScanResult partly_sandboxed_result();  // one safe file; landlock and others missing
ScanResult hostile_result();
// `files` safe files and `findings` findings spread over them.
ScanResult large_result(std::size_t files, std::size_t findings);

}  // namespace assay::test
