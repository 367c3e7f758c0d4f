#pragma once

#include <string>

#include "core/scan_result.h"

namespace assay::sbom {

// For a pull request or a step summary. What comes from files stands in code
// spans, where it can neither link, mention anyone nor hold markup.
std::string markdown_report(const ScanResult& result);

// JUnit XML: a test case for each file and rule that found something in it
// (failed from medium on), one for each file without findings, and one in error
// for each gap.
std::string junit_report(const ScanResult& result);

// Workflow commands of GitHub Actions: one annotation for each finding and gap, and
// one when the sandbox was not full.
std::string github_report(const ScanResult& result);

}  // namespace assay::sbom
