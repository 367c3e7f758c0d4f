#pragma once

#include <string>

#include "sbom/report.h"

namespace assay::sbom {

std::string text_report(const ScanResult& result, const RenderOptions& options);

// "1 critical, 2 low"; empty when nothing was found. Worst first.
std::string severity_counts(const Summary& summary);

// "acme/tiny @ 0123456", for people: escaped.
std::string source_name(const SourceInfo& source);

// What an exit code tells (CONTRACT §3), as the end of "Exit code 1: ...".
std::string_view exit_code_meaning(int exit_code);

}  // namespace assay::sbom
