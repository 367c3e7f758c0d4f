#include "scanner/file_queue.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "scanner/rule_loader.h"
#include "tests/support/temporary_folder.h"

using namespace assay;

TEST_CASE("a file gets time for its size, but never more than four hours") {
  const auto [size, time] = GENERATE(table<std::uint64_t, std::chrono::seconds>({
      {0, std::chrono::seconds(120)},
      {20'000'000'000, std::chrono::seconds(1120)},
      {std::uint64_t{1} << 42, std::chrono::hours(4)},
  }));
  CAPTURE(size);
  const test::TemporaryFolder folder;
  std::filesystem::resize_file(folder.write("a.bin", ""), size);
  const SourceListing listing = list_sources({folder.path().native()}, {});
  const Rules rules = *load_rules({});
  const std::atomic<bool> stop = false;
  ScanProgress progress;
  FileQueue queue(listing.files, rules.catalog, std::nullopt, stop, progress);
  const auto job = queue.next();
  REQUIRE(job);
  CHECK(job->size == size);
  CHECK(job->time == time);
}
