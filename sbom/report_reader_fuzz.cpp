// What is read as a report renders to a report that reads back as the same.
#include <cstdlib>

#include "sbom/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const auto first = read_report({reinterpret_cast<const char*>(data), size});
  if (!first) return 0;
  const std::string json = render(*first, ReportFormat::json, {});
  const auto second = read_report(json);
  if (!second || render(*second, ReportFormat::json, {}) != json) std::abort();
  for (const auto format : {ReportFormat::text, ReportFormat::sarif, ReportFormat::cyclonedx}) {
    if (render(*first, format, {}) != render(*second, format, {})) std::abort();
  }
  return 0;
}
