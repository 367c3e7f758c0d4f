// Renders every sample in every format: write_samples FOLDER [all]. Without `all`
// the large CycloneDX document is left out: Python takes a minute to check it.
#include <cstdio>
#include <fstream>

#include "sbom/report.h"
#include "tests/support/report_samples.h"

int main(int argc, char** argv) {
  using assay::ReportFormat;
  if (argc < 2) return 4;
  const bool all = argc == 3;
  struct Kind {
    ReportFormat format;
    const char* suffix;
  };
  constexpr Kind kKinds[] = {
      {ReportFormat::text, ".txt"},           {ReportFormat::json, ".json"},
      {ReportFormat::jsonl, ".jsonl"},        {ReportFormat::sarif, ".sarif"},
      {ReportFormat::cyclonedx, ".cdx.json"}, {ReportFormat::markdown, ".md"},
      {ReportFormat::junit, ".xml"},          {ReportFormat::github, ".commands"}};
  assay::RenderOptions options;
  options.source_date_epoch = 1'700'000'000;
  for (const auto& [name, result] : assay::test::report_samples()) {
    for (const auto& [format, suffix] : kKinds) {
      if (name == "large" && format == ReportFormat::cyclonedx && !all) continue;
      std::ofstream out(std::string(argv[1]) + "/" + name + suffix, std::ios::binary);
      out << assay::render(result, format, options);
      if (!out) return 2;
    }
  }
  return 0;
}
