#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/scan_result.h"

namespace assay {

enum class ReportFormat : std::uint8_t {
  text,       // for people, on a terminal
  json,       // docs/report.schema.json
  jsonl,      // one JSON document a line: files, findings, gaps, at last the summary
  sarif,      // SARIF 2.1.0 (OASIS, errata 01)
  cyclonedx,  // CycloneDX 1.6 (ECMA-424)
  markdown,   // for a pull request or a step summary
  junit,      // JUnit XML
  github,     // annotations: workflow commands of GitHub Actions
};

// The format that the words of --format name; "cyclonedx-1.6" is "cyclonedx".
std::optional<ReportFormat> report_format_from(std::string_view word);

struct RenderOptions {
  bool color = false;  // text: ANSI colours
  int width = 80;      // text: columns; less than 40 is taken as 40
  bool verbose = false;
  bool quiet = false;  // text: findings and gaps only
  // Seconds since 1970 for formats that hold a time; without it they hold none.
  std::optional<std::int64_t> source_date_epoch = {};
};

// The report of `result`, ending in a line feed unless empty. A function of its
// arguments: no clock, no locale. Text from scanned files is valid UTF-8 in every
// format and escaped wherever people read it.
std::string render(const ScanResult& result, ReportFormat format, const RenderOptions& options);

// What render(..., json, ...) wrote, read back. The input is untrusted: it fails
// with `malformed` (no JSON, or not as docs/report.schema.json has it),
// `unsupported` (another major schema version) or `over_budget` (larger than
// 1 GiB, nested deeper than 1,000). Every format renders alike from the result
// and from the original, once `rules`, which no report carries, is filled in.
Parsed<ScanResult> read_report(std::string_view json);

}  // namespace assay
