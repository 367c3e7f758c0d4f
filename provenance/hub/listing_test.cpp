#include "provenance/hub/listing.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace assay;
using namespace assay::provenance;

namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What a good report says of each folder of the shared samples.
struct Sample {
  const char* folder;
  const char* state;
  const char* check;  // the first that failed, or that could not be carried out
};

Evidence verify_folder(const fs::path& folder) {
  std::string listing;
  std::vector<git::WorkFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::string path = entry.path().lexically_relative(folder).generic_string();
    const std::string text = file_text(entry.path());
    if (path.starts_with("dot-cache/huggingface/trees/")) listing = text;
    if (path.starts_with("dot-")) path.replace(0, 4, ".");
    files.push_back(git::work_file(path, as_bytes(text)));
  }
  return hub::verify_listing(as_bytes(listing), files);
}

CoverageState state_of(const Evidence& evidence, std::string_view path) {
  const auto found = std::ranges::find(evidence.coverage, path, &Coverage::path);
  REQUIRE(found != evidence.coverage.end());
  return found->state;
}

constexpr std::string_view kListing = R"({"format_version":1,"files":{
  "a.txt":{"size":3,"blob_id":"f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"},
  "w.bin":{"size":3,"blob_id":"f7bb03aacb0a2c9bc3be6d2bbb6b3cdc9eae4d34",
    "lfs_sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","lfs_size":3}}})";

// The listing with the true blob id of the pointer.
std::string listing() {
  std::string text(kListing);
  const git::LfsPointer pointer{
      .sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", .size = 3};
  const std::string_view placeholder = "f7bb03aacb0a2c9bc3be6d2bbb6b3cdc9eae4d34";
  return text.replace(text.find(placeholder), placeholder.size(), git::pointer_id(pointer));
}

std::vector<git::WorkFile> both() {
  return {git::work_file("a.txt", as_bytes("abc")), git::work_file("w.bin", as_bytes("abc"))};
}

}  // namespace

TEST_CASE("a folder that differs from the Hub's listing is rejected by the right class") {
  const fs::path root = ASSAY_SOURCE_DIR "/../shared/provenance/hub";
  if (!fs::exists(root)) {
    WARN("shared samples are not here");
    return;
  }
  const Sample sample = GENERATE(
      Sample{"good", "matches", nullptr}, Sample{"bad-lfs-content", "rejected", "hub.content"},
      Sample{"bad-small-file", "rejected", "hub.content"},
      Sample{"bad-size", "rejected", "hub.size"}, Sample{"bad-extra-file", "rejected", "hub.extra"},
      Sample{"bad-missing-file", "rejected", "hub.missing"},
      Sample{"bad-listing-forged-sha256", "rejected", "hub.listing.contradiction"},
      Sample{"good-lfs-pointer-not-fetched", "unchecked", "hub.pointer"},
      Sample{"unknown-format-version", "unchecked", "hub.format-version"});
  CAPTURE(sample.folder);
  const Evidence evidence = verify_folder(root / sample.folder);
  CHECK(evidence.state() == sample.state);
  if (sample.check) {
    const bool rejected = evidence.state() == "rejected";
    const Check* check = evidence.checks.first(rejected ? Outcome::failed : Outcome::unknown);
    REQUIRE(check);
    CHECK(check->name == sample.check);
  }
}

TEST_CASE("every byte of a listed file counts, and so does every listed word") {
  CHECK(hub::verify_listing(as_bytes(listing()), both()).state() == "matches");
  auto files = both();
  files[1] = git::work_file("w.bin", as_bytes("abd"));
  const Evidence changed = hub::verify_listing(as_bytes(listing()), files);
  CHECK(changed.checks.first_failure()->name == "hub.content");
  CHECK(state_of(changed, "w.bin") == CoverageState::changed);
  CHECK(state_of(changed, "a.txt") == CoverageState::covered);
}

TEST_CASE("a listing whose blob id is that of another pointer contradicts itself") {
  const Evidence evidence = hub::verify_listing(as_bytes(kListing), both());
  REQUIRE(evidence.checks.first_failure());
  CHECK(evidence.checks.first_failure()->name == "hub.listing.contradiction");
}

TEST_CASE("a pointer in the place of the weights is told apart from tampering") {
  auto files = both();
  const std::string pointer = git::pointer_text({.sha256 = files[1].sha256, .size = 3});
  files[1] = git::work_file("w.bin", as_bytes(pointer));
  const Evidence evidence = hub::verify_listing(as_bytes(listing()), files);
  CHECK(evidence.state() == "unchecked");
  CHECK(state_of(evidence, "w.bin") == CoverageState::weights_absent);
  // A pointer to anything else is no excuse.
  files[1] = git::work_file(
      "w.bin", as_bytes(git::pointer_text({.sha256 = std::string(64, 'a'), .size = 3})));
  CHECK(hub::verify_listing(as_bytes(listing()), files).state() == "rejected");
}

TEST_CASE("what the downloader keeps for itself is not extra, code beside it is") {
  auto files = both();
  files.push_back(git::work_file(".cache/huggingface/CACHEDIR.TAG", as_bytes("x")));
  files.push_back(git::work_file(".gitattributes", as_bytes("x")));
  const Evidence own = hub::verify_listing(as_bytes(listing()), files);
  CHECK(own.state() == "matches");
  CHECK(state_of(own, ".gitattributes") == CoverageState::excluded_by_default);
  files.push_back(git::work_file(".cache/modeling_x.py", as_bytes("x")));
  const Evidence extra = hub::verify_listing(as_bytes(listing()), files);
  CHECK(extra.checks.first_failure()->name == "hub.extra");
  CHECK(state_of(extra, ".cache/modeling_x.py") == CoverageState::extra);
}

TEST_CASE("listings that are none, or that name no file, match nothing") {
  for (const char* text :
       {"", "[]", "{}", R"({"format_version":1})", R"({"format_version":"1","files":{}})",
        R"({"format_version":1,"files":{}})",
        R"({"format_version":1,"files":{"a":{"size":-1,"blob_id":"x"}}})",
        R"({"format_version":1,"files":{"a":{"size":1,"blob_id":"x"}}})"}) {
    CAPTURE(text);
    CHECK(hub::verify_listing(as_bytes(text), {}).state() == "rejected");
  }
}

TEST_CASE("a listed path that leaves the repository is a contradiction") {
  std::string text = listing();
  text.replace(text.find("a.txt"), 5, "../a.");
  const Evidence evidence = hub::verify_listing(as_bytes(text), both());
  CHECK(evidence.checks.first_failure()->name == "hub.listing.contradiction");
}
