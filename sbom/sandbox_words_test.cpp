#include "sbom/sandbox_words.h"

#include <catch2/catch.hpp>

#include "sbom/report.h"
#include "tests/support/report_samples.h"

using namespace assay;

TEST_CASE("every report of a scan without a full sandbox names level and layers") {
  const auto format = GENERATE(ReportFormat::text, ReportFormat::json, ReportFormat::jsonl,
                               ReportFormat::sarif, ReportFormat::cyclonedx, ReportFormat::markdown,
                               ReportFormat::junit, ReportFormat::github);
  ScanResult result = test::ordinary_result();
  result.tool.sandbox = "none";
  result.tool.sandbox_missing = {"landlock: ENOSYS", "seccomp: EINVAL"};
  const std::string report = render(result, format, {});
  CAPTURE(report);
  const auto place = [&](const char* what) { return report.find(what); };
  CHECK(place("none") < place("landlock"));
  CHECK(place("landlock") < place("ENOSYS"));
  CHECK(place("ENOSYS") < place("seccomp"));
  CHECK(place("seccomp") < place("EINVAL"));
  CHECK(place("EINVAL") != std::string::npos);
  result.tool.sandbox = "full";
  result.tool.sandbox_missing.clear();
  CHECK(render(result, format, {}) != report);
}

TEST_CASE("the text report speaks of the sandbox when it was not full, or on demand") {
  ScanResult result = test::ordinary_result();
  const auto line = [&](const RenderOptions& options) {
    const std::string report = render(result, ReportFormat::text, options);
    const std::size_t at = report.find("\nSandbox: ");
    return at == report.npos ? "" : report.substr(at + 1, report.find('\n', at + 1) - at - 1);
  };
  const RenderOptions wide{.width = 200};
  const RenderOptions verbose{.width = 200, .verbose = true};
  CHECK(line(wide).empty());
  CHECK(line(verbose) == "Sandbox: full.");
  result.tool.sandbox_missing = {"network-namespace: EPERM: Operation not permitted"};
  CHECK(line(wide).empty());
  CHECK(
      line(verbose) ==
      "Sandbox: full. Missing, but optional: network-namespace (EPERM: Operation not permitted).");
  result.tool.sandbox = "partial";
  result.tool.sandbox_missing = {"landlock: ENOSYS: Function not implemented", "limits"};
  CHECK(line(wide) ==
        "Sandbox: partial. Missing: landlock (ENOSYS: Function not implemented), limits.");
  result.tool.sandbox = "none";
  result.tool.sandbox_missing = {"switched off: files are read in this process"};
  CHECK(line(wide) ==
        "Sandbox: none. The files were read unprotected: switched off (files are read in this "
        "process).");
  result.tool.sandbox_missing.clear();  // as reports of earlier versions are
  CHECK(line(wide) == "Sandbox: none. The files were read unprotected.");
  CHECK(line({.width = 200, .quiet = true}).empty());
}

TEST_CASE("a report that names layers without end does not make the lines for people endless") {
  const auto format = GENERATE(ReportFormat::text, ReportFormat::markdown, ReportFormat::github);
  ScanResult result = test::partly_sandboxed_result();
  result.tool.sandbox_missing.assign(1'000, std::string(10'000, 'x'));
  const std::string report = render(result, format, {});
  CHECK(report.size() < 5'000);
  CHECK(report.find("and 984") != std::string::npos);
}

TEST_CASE("words about the sandbox are escaped") {
  const ToolInfo tool{.sandbox = "\x1b[0m", .sandbox_missing = {"a\n: \xff"}};
  CHECK(sbom::sandbox_line(tool) == R"(Sandbox: \x1b[0m. Missing: a\n (\xff).)");
}
