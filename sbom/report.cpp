#include "sbom/report.h"

#include <array>
#include <utility>

#include "sbom/ci_reports.h"
#include "sbom/cyclonedx_report.h"
#include "sbom/json_report.h"
#include "sbom/sarif_report.h"
#include "sbom/text_report.h"

namespace assay {
namespace {
constexpr std::array<std::pair<std::string_view, ReportFormat>, 9> kWords{
    {{"text", ReportFormat::text},
     {"json", ReportFormat::json},
     {"jsonl", ReportFormat::jsonl},
     {"sarif", ReportFormat::sarif},
     {"cyclonedx", ReportFormat::cyclonedx},
     {"cyclonedx-1.6", ReportFormat::cyclonedx},
     {"markdown", ReportFormat::markdown},
     {"junit", ReportFormat::junit},
     {"github", ReportFormat::github}}};
}

std::optional<ReportFormat> report_format_from(std::string_view word) {
  for (const auto& [name, format] : kWords) {
    if (name == word) return format;
  }
  return std::nullopt;
}

std::string render(const ScanResult& result, ReportFormat format, const RenderOptions& options) {
  switch (format) {
    case ReportFormat::json:
      return sbom::json_report(result);
    case ReportFormat::jsonl:
      return sbom::jsonl_report(result);
    case ReportFormat::sarif:
      return sbom::sarif_report(result);
    case ReportFormat::cyclonedx:
      return sbom::cyclonedx_report(result, options);
    case ReportFormat::markdown:
      return sbom::markdown_report(result);
    case ReportFormat::junit:
      return sbom::junit_report(result);
    case ReportFormat::github:
      return sbom::github_report(result);
    case ReportFormat::text:
      break;
  }
  return sbom::text_report(result, options);
}

}  // namespace assay
