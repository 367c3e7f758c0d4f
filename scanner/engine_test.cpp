#include "scanner/engine.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>

#include "scanner/analysis_sink.h"
#include "scanner/rule_loader.h"
#include "tests/support/hex.h"
#include "tests/support/temporary_folder.h"

using namespace assay;

namespace {

const Rules& loaded_rules() {
  static const Rules rules = *load_rules({});
  return rules;
}

constexpr std::string_view kSystem = "cos\nsystem\n(S'echo CANARY'\ntR.";

ScanResult scanned(std::string name, std::string_view content) {
  return scan_bytes(std::move(name), as_bytes(content), loaded_rules(), {});
}

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
  return bytes;
}

// cpio(5), "new ASCII format": one entry, without the trailer.
std::string cpio_entry(const std::string& name, const std::string& content) {
  std::string header = "070701";
  for (const std::size_t field : {1UL, 0x81a4UL, 0UL, 0UL, 1UL, 0UL, content.size(), 0UL, 0UL, 0UL,
                                  0UL, name.size() + 1, 0UL}) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08zx", field);
    header += digits;
  }
  return padded(header + name + '\0') + padded(content);
}

std::string cpio(const std::string& entries) { return entries + cpio_entry("TRAILER!!!", ""); }

std::string le(std::uint32_t value, int size) {
  std::string bytes;
  for (; size > 0; --size, value >>= 8) bytes += static_cast<char>(value);
  return bytes;
}

// One stored member, without its checksum (APPNOTE 4.3.7, 4.3.12, 4.3.16).
std::string zip(const std::string& name, const std::string& content) {
  const auto size = static_cast<std::uint32_t>(content.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  const std::string common = le(20, 2) + le(0, 2) + le(0, 2) + le(0, 4) + le(0, 4) + le(size, 4) +
                             le(size, 4) + le(name_size, 2) + le(0, 2);
  const std::string local = "PK\3\4" + common + name + content;
  const std::string entry =
      "PK\1\2" + le(20, 2) + common + le(0, 2) + le(0, 2) + le(0, 2) + le(0, 4) + le(0, 4) + name;
  return local + entry + "PK\5\6" + le(0, 4) + le(1, 2) + le(1, 2) +
         le(static_cast<std::uint32_t>(entry.size()), 4) +
         le(static_cast<std::uint32_t>(local.size()), 4) + le(0, 2);
}

bool has_gap(const ScanResult& result, ParseErrc reason) {
  return std::any_of(result.gaps.begin(), result.gaps.end(),
                     [&](const Gap& gap) { return gap.reason == reason; });
}

bool has_rule_about(const ScanResult& result, std::string_view code) {
  for (const Finding& finding : result.findings) {
    for (const Evidence& evidence : finding.evidence) {
      if (evidence.value.contains(code)) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a pickle is found whatever it is called") {
  for (const char* name : {"model.pkl", "model", "model.txt", "model.safetensors", "model.json"}) {
    CAPTURE(name);
    const ScanResult result = scanned(name, kSystem);
    CHECK(result.exit_code == kExitFail);
    CHECK(result.files[0].format == "pickle");
    CHECK(result.files[0].status == Status::unsafe);
  }
}

TEST_CASE("what no parser knows is a gap and never safe") {
  const std::string binary("\x01\x02\x03\x00\xff\xfe binary", 13);
  const ScanResult result = scanned("weights.xyz", binary);
  CHECK(result.exit_code == kExitIncomplete);
  CHECK(has_gap(result, ParseErrc::unsupported));
}

TEST_CASE("a name that promises a format the bytes are not is a gap, unless they are plain text") {
  CHECK(has_gap(scanned("model.pkl", "(lp0\nI1\naI2\na"), ParseErrc::malformed));
  CHECK(has_gap(scanned("model.pt", "PK"), ParseErrc::malformed));
  const std::string prose =
      "import torch\n\nclass Net(torch.nn.Module):\n    hidden_size = 64  # wide\n";
  CHECK(scanned("model.pth", prose).exit_code == kExitPass);
  CHECK(has_gap(scanned("model.onnx", std::string("\x00\x01\x02", 3)), ParseErrc::malformed));
  CHECK(scanned("notes.txt", "just some words\n").exit_code == kExitPass);
}

TEST_CASE("an empty file holds nothing to vouch for, unless its kind may be empty") {
  CHECK(has_gap(scanned("model.pkl", ""), ParseErrc::truncated));
  CHECK(has_gap(scanned("empty", ""), ParseErrc::truncated));
  CHECK(scanned("__init__.py", "").exit_code == kExitPass);
  CHECK(scanned(".gitkeep", "").exit_code == kExitPass);
}

TEST_CASE("a git-lfs pointer is not examined weights") {
  const ScanResult result = scanned(
      "model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
  CHECK(result.exit_code == kExitIncomplete);
  CHECK(has_gap(result, ParseErrc::not_fetched));
}

TEST_CASE("a pickle that calls itself text is said to be disguised") {
  CHECK(has_rule_about(scanned("README.txt", kSystem), "executable-disguised"));
}

TEST_CASE("a long name is cut in the paths of all that lies below") {
  std::string archive = kSystem.data();
  for (char level : {'a', 'b', 'c'}) archive = cpio(cpio_entry(std::string(3000, level), archive));
  const ScanResult result = scanned("m.cpio", archive);
  REQUIRE(result.findings.size() >= 1);
  const std::string& path = result.findings[0].path;
  CHECK(path.size() == 6 + 3 * (2 + kMaxPathName));
  CHECK(path.starts_with("m.cpio!/ccc"));
  CHECK(path.ends_with("aaa..."));
}

TEST_CASE("the paths of members are paid for as facts are") {
  std::string inner;
  for (int i = 0; i < 50; ++i) inner += cpio_entry("m" + std::to_string(i), "plain");
  const std::string archive = cpio(cpio_entry(std::string(1000, 'n'), cpio(inner)));
  ScanOptions options;
  options.examine.limits.fact_bytes = 50'000;
  const ScanResult result = scan_bytes("m.cpio", as_bytes(archive), loaded_rules(), options);
  CHECK(has_gap(result, ParseErrc::over_budget));
  CHECK(result.summary.members < 51);
  CHECK(scanned("m.cpio", archive).summary.members == 51);
}

TEST_CASE("that gaps were left out is told even when only a rejected reading had them") {
  // The zip reads as the end of the cpio as well, and is rejected as seen inside.
  const std::string archive = cpio_entry("a.zip", zip("m", "\x01\xff\xfe"));
  const ScanResult all = scanned("m.cpio", archive);
  REQUIRE_FALSE(all.gaps.empty());
  ScanOptions options;
  options.examine.limits.gaps = all.gaps.size();
  const ScanResult result = scan_bytes("m.cpio", as_bytes(archive), loaded_rules(), options);
  CHECK(result.gaps.size() == all.gaps.size() + 1);
  CHECK(std::ranges::any_of(result.gaps, [](const Gap& gap) {
    return gap.path == "m.cpio" && gap.message.starts_with("limit reached: gaps");
  }));
}

TEST_CASE("the texts in facts are paid for") {
  std::string module(2000, 'm');
  std::string pickle;
  for (int i = 0; i < 50; ++i) pickle += "c" + module + std::to_string(i) + "\nx\n0";
  ScanOptions options;
  options.examine.limits.fact_bytes = 50'000;
  const ScanResult result = scan_bytes("m.pkl", as_bytes(pickle + "N."), loaded_rules(), options);
  CHECK(has_gap(result, ParseErrc::over_budget));
}

TEST_CASE("the report is the same for any number of jobs") {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 40; ++i) {
    folder.write("f" + std::to_string(i) + ".pkl", i % 3 ? kSystem : std::string_view("plain"));
  }
  const SourceListing listing = list_sources({folder.path().native()}, {});
  const auto run = [&](unsigned jobs) {
    Watchdog watchdog;
    ScanProgress progress;
    ScanOptions options;
    options.jobs = jobs;
    return scan(listing, loaded_rules(), options, watchdog, progress);
  };
  const ScanResult one = run(1);
  const ScanResult many = run(8);
  CHECK(one.findings == many.findings);
  CHECK(one.gaps == many.gaps);
  CHECK(one.files.size() == 40);
  CHECK(one.files[7].sha256 == many.files[7].sha256);
}

TEST_CASE("what an interrupted scan did not reach is a gap") {
  const test::TemporaryFolder folder;
  folder.write("a.pkl", kSystem);
  Watchdog watchdog;
  watchdog.stop_all();
  ScanProgress progress;
  const ScanResult result =
      scan(list_sources({folder.path().native()}, {}), loaded_rules(), {}, watchdog, progress);
  CHECK(has_gap(result, ParseErrc::timeout));
}
