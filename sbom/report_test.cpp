#include "sbom/report.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/text.h"
#include "tests/support/report_samples.h"

using namespace assay;

namespace {

constexpr ReportFormat kAll[] = {
    ReportFormat::text,      ReportFormat::json,     ReportFormat::jsonl, ReportFormat::sarif,
    ReportFormat::cyclonedx, ReportFormat::markdown, ReportFormat::junit, ReportFormat::github};

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(ASSAY_SOURCE_DIR) + "/tests/golden/reports/" + name;
  if (std::getenv("ASSAY_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << actual;
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("no report lets a control character or invalid UTF-8 from a file through") {
  const auto format = GENERATE(from_range(std::begin(kAll), std::end(kAll)));
  const std::string report = render(test::hostile_result(), format, {});
  CHECK(is_utf8(report));
  for (std::string_view rest = report; !rest.empty();) {
    const auto [code, size] = utf8_character(rest);
    if (is_unsafe_to_show(code) && code != '\n') FAIL("code point " << code);
    rest.remove_prefix(size);
  }
}

TEST_CASE("format words name the formats, others none") {
  CHECK(report_format_from("sarif") == ReportFormat::sarif);
  CHECK(report_format_from("cyclonedx") == ReportFormat::cyclonedx);
  CHECK(report_format_from("cyclonedx-1.6") == ReportFormat::cyclonedx);
  CHECK(report_format_from("jsonl") == ReportFormat::jsonl);
  for (const char* word : {"", "JSON", "spdx", "html", "gitlab", "cyclonedx-1.5", "text "}) {
    CHECK_FALSE(report_format_from(word).has_value());
  }
}

TEST_CASE("the ordinary report is as it was reviewed") {
  const auto [name, format, width] = GENERATE(
      table<const char*, ReportFormat, int>({{"ordinary.txt", ReportFormat::text, 80},
                                             {"ordinary-60.txt", ReportFormat::text, 60},
                                             {"ordinary.json", ReportFormat::json, 80},
                                             {"ordinary.sarif", ReportFormat::sarif, 80},
                                             {"ordinary.cdx.json", ReportFormat::cyclonedx, 80}}));
  const std::string actual =
      render(test::ordinary_result(), format, {.width = width, .source_date_epoch = 1'700'000'000});
  CHECK(actual == golden(name, actual));
}

TEST_CASE("the report of a partly sandboxed scan is as it was reviewed") {
  const auto [name, format] =
      GENERATE(table<const char*, ReportFormat>({{"partial.txt", ReportFormat::text},
                                                 {"partial.json", ReportFormat::json},
                                                 {"partial.jsonl", ReportFormat::jsonl},
                                                 {"partial.sarif", ReportFormat::sarif},
                                                 {"partial.cdx.json", ReportFormat::cyclonedx},
                                                 {"partial.md", ReportFormat::markdown},
                                                 {"partial.xml", ReportFormat::junit},
                                                 {"partial.commands", ReportFormat::github}}));
  const std::string actual = render(test::partly_sandboxed_result(), format, {});
  CHECK(actual == golden(name, actual));
}

// A release build takes well under a second for all of them; the bound only
// tells linear from quadratic in the slowest build under the sanitizers.
TEST_CASE("ten thousand files do not take long in any format") {
  const ScanResult result = test::large_result(10'000, 1'000);
  const auto start = std::chrono::steady_clock::now();
  for (const ReportFormat format : kAll) CHECK_FALSE(render(result, format, {}).empty());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("the text report keeps to its width") {
  const int width = GENERATE(40, 60, 80, 120);
  for (const auto& [name, result] : test::report_samples()) {
    if (name == "hostile") continue;  // wide and combining characters: text_layout_test
    std::string_view text;
    const std::string report = render(result, ReportFormat::text, {.width = width});
    for (std::size_t at = 0; at < report.size();) {
      const std::size_t end = report.find('\n', at);
      text = std::string_view(report).substr(at, end - at);
      CAPTURE(name, text);
      CHECK(text.size() <= static_cast<std::size_t>(width));
      at = end + 1;
    }
  }
}

TEST_CASE("the text report names the worst file first and gaps after files") {
  const std::string report = render(test::ordinary_result(), ReportFormat::text, {});
  CHECK(report.starts_with("FAIL: 1 critical, 1 medium, 1 gap in "));
  const auto place = [&](const char* what) { return report.find(what); };
  CHECK(place("UNSAFE  ") < place("CAUTION  "));
  CHECK(place("CAUTION  ") < place("SAFE        README"));
  CHECK(place("SAFE        README") < place("Not examined:"));
  CHECK(place("Not examined:") < place("5 files, 2 members"));
}

TEST_CASE("a quiet text report holds findings and gaps only") {
  const RenderOptions quiet{.quiet = true};
  CHECK(render(test::report_samples()[1].result, ReportFormat::text, quiet).empty());
  const std::string report = render(test::ordinary_result(), ReportFormat::text, quiet);
  CHECK(report.starts_with("UNSAFE "));
  CHECK(report.find("SAFE        ") == std::string::npos);
  CHECK(report.find("PKL-EXEC-001") != std::string::npos);
  CHECK(report.find("encrypted at 0x1f3a") != std::string::npos);
}

TEST_CASE("what the text report does not show one by one it counts") {
  ScanResult one_file = test::ordinary_result();
  for (int i = 0; i < 60; ++i) one_file.findings.push_back(one_file.findings.back());
  const std::string shown = render(one_file, ReportFormat::text, {});
  CHECK(count_of(shown, "CRITICAL  ") == 50);
  CHECK(shown.find("... and 11 more findings in this file") != std::string::npos);
  CHECK(count_of(render(one_file, ReportFormat::text, {.verbose = true}), "CRITICAL  ") == 61);
}

TEST_CASE("colour is on demand and changes nothing else") {
  const std::string plain = render(test::ordinary_result(), ReportFormat::text, {});
  std::string colored = render(test::ordinary_result(), ReportFormat::text, {.color = true});
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(colored.find("\x1b[1;31mCRITICAL") != std::string::npos);
  for (std::size_t at = colored.find('\x1b'); at != colored.npos; at = colored.find('\x1b')) {
    colored.erase(at, colored.find('m', at) - at + 1);
  }
  CHECK(colored == plain);
}

TEST_CASE("JSON lines hold one document a line and the summary last") {
  const std::string report = render(test::ordinary_result(), ReportFormat::jsonl, {});
  CHECK(count_of(report, "\n") == 5 + 2 + 1 + 1 + 1 + 1);
  CHECK(report.starts_with("{\"type\":\"file\",\"path\":\"README.md\""));
  CHECK(
      report.substr(report.rfind('\n', report.size() - 2)).starts_with("\n{\"type\":\"summary\""));
}

TEST_CASE("facts beyond a thousand of a kind are counted as left out") {
  const std::string report = render(test::hostile_result(), ReportFormat::jsonl, {});
  // 1,101 anomalies, 1,104 metadata values, tensors of 1,100 dtypes.
  CHECK(report.find("\"left_out\":{\"anomalies\":101,\"by_dtype\":100,\"metadata\":104}") !=
        std::string::npos);
  CHECK(report.find("\"parameters\":18446744073709551615") != std::string::npos);
  CHECK(report.find("\"license\":[\"mit\",\"apache-2.0\"]") != std::string::npos);
}

TEST_CASE("SARIF caps the results, keeps the worst and says how many it left out") {
  const ScanResult result = test::large_result(10, 6'001);
  const std::string report = render(result, ReportFormat::sarif, {});
  CHECK(count_of(report, "\"ruleIndex\"") == 5'000);
  CHECK(report.find("\"1002 more results were left out of this file.\"") != std::string::npos);
  CHECK(count_of(report, "\"kind\": \"fail\",\n          \"rank\": 95.0") == 3'000);
}

TEST_CASE("SARIF text holds no link and no placeholder that a file made up") {
  const std::string report = render(test::hostile_result(), ReportFormat::sarif, {});
  std::size_t texts = 0;
  for (std::size_t at = report.find("\"text\": "); at != report.npos;
       at = report.find("\"text\": ", at + 1)) {
    const std::string text = report.substr(at, report.find('\n', at) - at);
    CAPTURE(text);
    CHECK(text.find("](http://e.vil)") == std::string::npos);
    CHECK(text.find("{5}") == std::string::npos);
    ++texts;
  }
  CHECK(texts > 100);
}

TEST_CASE("SARIF offsets are those of the artifact they stand at") {
  const std::string report = render(test::ordinary_result(), ReportFormat::sarif, {});
  // One finding in a member, one in a file, one suppressed: the file has no byte 41.
  CHECK(count_of(report, "\"byteOffset\": 41") == 1);
  CHECK(count_of(report, "\"relatedLocations\"") == 1);
  CHECK(report.find("\"fullyQualifiedName\": \"pytorch_model.bin!/archive/data.pkl\"") !=
        std::string::npos);
}

TEST_CASE("CycloneDX holds a time only when it is told one") {
  const ScanResult result = test::ordinary_result();
  CHECK(render(result, ReportFormat::cyclonedx, {}).find("timestamp") == std::string::npos);
  const auto [epoch, text] =
      GENERATE(table<std::int64_t, const char*>({{0, "1970-01-01T00:00:00Z"},
                                                 {1'709'210'096, "2024-02-29T12:34:56Z"},
                                                 {-1, "1969-12-31T23:59:59Z"}}));
  CHECK(render(result, ReportFormat::cyclonedx, {.source_date_epoch = epoch}).find(text) !=
        std::string::npos);
  const std::int64_t absurd = std::numeric_limits<std::int64_t>::max();
  CHECK(render(result, ReportFormat::cyclonedx, {.source_date_epoch = absurd}).find("timestamp") ==
        std::string::npos);
}

TEST_CASE("the CycloneDX serial number follows the content") {
  ScanResult result = test::ordinary_result();
  const auto serial = [&] {
    const std::string report = render(result, ReportFormat::cyclonedx, {});
    return report.substr(report.find("urn:uuid:"), 45);
  };
  const std::string first = serial();
  CHECK(serial() == first);
  result.files[0].sha256[0] = 'b';
  CHECK(serial() != first);
}

TEST_CASE("markdown keeps what comes from files inside code spans") {
  const std::string report = render(test::hostile_result(), ReportFormat::markdown, {});
  CHECK(report.starts_with("## Assay: FAIL\n\n`"));
  CHECK(report.size() < 65'536);
  ScanResult result = test::ordinary_result();
  result.findings[1].title = "a``b";
  CHECK(render(result, ReportFormat::markdown, {}).find(" ``` a``b ``` in `pytorch_model.bin!/") !=
        std::string::npos);
}

TEST_CASE("JUnit fails a file once a rule and reports gaps as errors") {
  const std::string report = render(test::ordinary_result(), ReportFormat::junit, {});
  CHECK(report.find("<testsuites name=\"assay\" tests=\"6\" failures=\"2\" errors=\"1\">") !=
        std::string::npos);
  CHECK(report.find("<testcase classname=\"PKL-EXEC-001\" name=\"pytorch_model.bin\">") !=
        std::string::npos);
  ScanResult result = test::ordinary_result();
  result.findings.push_back(result.findings[1]);
  result.findings[0].severity = Severity::low;
  CHECK(render(result, ReportFormat::junit, {}).find("tests=\"6\" failures=\"1\"") !=
        std::string::npos);
}

TEST_CASE("an annotation is one line whose properties a name cannot leave") {
  ScanResult result = test::ordinary_result();
  result.source = {"./models/", "path", ""};
  result.gaps.clear();
  result.findings.resize(1);
  result.files[3].path = result.findings[0].path = "a,b::c%\n";
  CHECK(
      render(result, ReportFormat::github, {}) ==
      "::warning file=models/a%2Cb%3A%3Ac%25\\n,line=1,title=GEN-CODE-001 Custom code is named by "
      "config.json::config.json names modeling_acme.py: trust_remote_code runs it. "
      "(a,b::c%25\\n at 0x0)\n");
}
