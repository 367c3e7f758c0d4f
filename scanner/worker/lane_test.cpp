#include "scanner/worker/lane.h"

#include <fcntl.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "scanner/engine.h"
#include "scanner/rule_loader.h"
#include "scanner/self_test.h"
#include "tests/support/temporary_folder.h"

using namespace assay;

namespace {

constexpr std::string_view kSystem = "cos\nsystem\n(S'echo CANARY'\ntR.";

ScanResult scanned(const test::TemporaryFolder& folder, const ScanOptions& options) {
  static const Rules rules = *load_rules({});
  Watchdog watchdog;
  ScanProgress progress;
  return scan(list_sources({folder.path().native()}, {}), rules, options, watchdog, progress);
}

ScanOptions with_workers(WorkerOptions workers = {}) {
  if (workers.program == WorkerOptions{}.program) workers.program = ASSAY_PROGRAM;
  ScanOptions options;
  options.workers = workers;
  return options;
}

}  // namespace

TEST_CASE("more files than one worker serves say what they say in this process") {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 2100; ++i) {
    folder.write("f" + std::to_string(i) + ".pkl", i % 3 ? kSystem : std::string_view("plain"));
  }
  ScanOptions two = with_workers();
  two.jobs = 2;
  const ScanResult behind = scanned(folder, two);
  const ScanResult here = scanned(folder, {});
  CHECK(behind.findings == here.findings);
  CHECK(behind.gaps == here.gaps);
  REQUIRE(behind.files.size() == here.files.size());
  CHECK(behind.files[99].sha256 == here.files[99].sha256);
  CHECK(here.tool.sandbox == "none");
  CHECK(behind.tool.sandbox != "none");
}

TEST_CASE("a layer that is missing is named, and the files are read all the same") {
  const test::TemporaryFolder folder;
  folder.write("a.pkl", kSystem);
  const ScanResult result = scanned(folder, with_workers({.without = {"not-dumpable"}}));
  CHECK(result.exit_code == kExitFail);
  CHECK(result.tool.sandbox == "partial");
  CHECK(std::ranges::count(result.tool.sandbox_missing, "not-dumpable: left out") == 1);
}

TEST_CASE("where no worker can be started the files are read here, and the report says so") {
  const test::TemporaryFolder folder;
  folder.write("a.pkl", kSystem);
  const std::string program = GENERATE(as<std::string>{}, "/nonexistent/assay", "/bin/true");
  const ScanResult result = scanned(folder, with_workers({.program = program}));
  CHECK(result.exit_code == kExitFail);
  CHECK(result.tool.sandbox == "none");
  REQUIRE(result.tool.sandbox_missing.size() == 1);
  CHECK_FALSE(result.tool.sandbox_missing[0].empty());
}

TEST_CASE("a worker that is slow or fails to begin costs no file anything") {
  const std::string words = GENERATE(as<std::string>{},
                                     // The second is slower than a file may be.
                                     "[ -e begun ] && /bin/sleep 2; : > begun",
                                     // Every second one dies at once.
                                     "if [ -e begun ]; then /bin/rm begun; exit 1; fi; : > begun");
  const test::TemporaryFolder folder;
  for (int i = 0; i < 2001; ++i) folder.write("f" + std::to_string(i) + ".txt", "plain");
  const test::TemporaryFolder other;
  const std::string script =
      other.write("assay", "#!/bin/sh\ncd '" + other.path().native() + "'\n" + words + "\nexec " +
                               ASSAY_PROGRAM + " \"$@\"\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  ScanOptions options = with_workers({.program = script});
  options.timeout = std::chrono::seconds(1);
  const ScanResult result = scanned(folder, options);
  CHECK(result.tool.sandbox != "none");
  CHECK(result.gaps.empty());
  CHECK(result.files.size() == 2001);
}

TEST_CASE("a program that never begins is no worker") {
  const test::TemporaryFolder folder;
  folder.write("a.pkl", kSystem);
  const std::string script = folder.write("b.sh", "#!/bin/sh\nexec /bin/sleep 60\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const std::atomic<bool> stop = true;
  CHECK_FALSE(Lane({.program = script, .config = {}}, stop).start());
}

TEST_CASE("a worker without its seccomp layer fails the self-test") {
  const auto outcomes = self_test({.program = ASSAY_PROGRAM, .without = {"seccomp", "landlock"}});
  const auto succeeded = std::count_if(outcomes.begin(), outcomes.end(),
                                       [](const AttemptOutcome& o) { return !o.withstood; });
  CHECK(succeeded >= 3);
}
