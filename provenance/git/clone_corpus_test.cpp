// Clones under corpus/git/clones, which git, gpg and ssh-keygen wrote: loose with SSH,
// packed with deltas and OpenPGP, in older forms with SSH.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "provenance/git/clone.h"
#include "provenance/git/repository_builder.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;
namespace fs = std::filesystem;

namespace {

const fs::path kClones = ASSAY_SOURCE_DIR "/corpus/git/clones";
constexpr std::int64_t kNow = 1'800'000'000;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& found : fs::recursive_directory_iterator(folder)) {
    if (!found.is_regular_file()) continue;
    files[found.path().lexically_relative(folder).native()] = text_of(found.path());
  }
  return files;
}

struct Clone {
  explicit Clone(const std::string& name)
      : repository{files_below(kClones / name / "dot-git")},
        work(files_below(kClones / name / "work")) {
    keys.openpgp = openpgp::parse_keys(as_bytes(text_of(kClones / "keys.asc"))).value();
    keys.ssh = sshsig::parse_allowed_signers(text_of(kClones / "allowed_signers")).value();
  }

  Evidence check(std::size_t* rounds = nullptr) const {
    std::vector<WorkFile> files;
    for (const auto& [path, content] : work) files.push_back(work_file(path, as_bytes(content)));
    return answered({.keys = keys, .principal = "t@example.invalid", .now = kNow}, repository,
                    files, rounds)
        .evidence;
  }

  Repository repository;
  std::map<std::string, std::string> work;
  GitKeys keys;
};

std::string property(const Evidence& evidence, std::string_view name) {
  for (const auto& [key, value] : evidence.properties) {
    if (key == name) return value;
  }
  return "";
}

CoverageState state_of(const Evidence& evidence, std::string_view path) {
  const auto found = std::ranges::find(evidence.coverage, path, &Coverage::path);
  REQUIRE(found != evidence.coverage.end());
  return found->state;
}

std::string failure_of(const Evidence& evidence) {
  const Check* failed = evidence.checks.first_failure();
  return failed ? failed->name : "";
}

}  // namespace

TEST_CASE("clones that git wrote are verified from their commit to their weights") {
  const std::string name = GENERATE("loose", "packed", "older");
  CAPTURE(name);
  const Clone clone(name);
  std::size_t rounds = 0;
  const Evidence evidence = clone.check(&rounds);
  CHECK(evidence.state() == "verified");
  CHECK(evidence.kind == "git-clone");
  CHECK(evidence.method == (name == "packed" ? "openpgp" : "ssh"));
  CHECK(evidence.coverage.size() == clone.work.size());
  CHECK(std::ranges::all_of(evidence.coverage, [](const Coverage& file) {
    return file.state == CoverageState::covered;
  }));
  CHECK(std::ranges::is_sorted(evidence.coverage, {}, &Coverage::path));
  CHECK(property(evidence, "ref") == (name == "older" ? "" : "refs/heads/main"));
  CHECK(property(evidence, "commit").size() == 40);
  CHECK(property(evidence, "tree").size() == 40);
  CHECK(property(evidence, "links").find("SHA-1") != std::string::npos);
  CHECK(rounds <= 7);
}

TEST_CASE("in clones that git wrote, what was changed is named") {
  Clone clone(GENERATE("loose", "packed", "older"));
  SECTION("the weights") {
    clone.work["weights.bin"].back() ^= 1;
    const Evidence evidence = clone.check();
    CHECK(failure_of(evidence) == "git.content");
    CHECK(state_of(evidence, "weights.bin") == CoverageState::changed);
    CHECK(state_of(evidence, "config.json") == CoverageState::covered);
  }
  SECTION("a small file") {
    clone.work["sub/deeper/3.txt"] += "\n";
    const Evidence evidence = clone.check();
    CHECK(failure_of(evidence) == "git.content");
    CHECK(state_of(evidence, "sub/deeper/3.txt") == CoverageState::changed);
  }
  SECTION("a file that is gone, and one that is new") {
    clone.work["new"] = std::exchange(clone.work["empty"], "x");
    clone.work.erase("empty");
    const Evidence evidence = clone.check();
    CHECK(failure_of(evidence) == "git.missing");
    CHECK(state_of(evidence, "empty") == CoverageState::missing);
    CHECK(state_of(evidence, "new") == CoverageState::extra);
  }
  SECTION("the pointer where the weights were") {
    const WorkFile weights = work_file("weights.bin", as_bytes(clone.work["weights.bin"]));
    clone.work["weights.bin"] = pointer_text({.sha256 = weights.sha256, .size = weights.size});
    const Evidence evidence = clone.check();
    CHECK(evidence.state() == "unchecked");
    CHECK(state_of(evidence, "weights.bin") == CoverageState::weights_absent);
  }
  SECTION("the signer") {
    clone.keys = {};
    CHECK(clone.check().state() != "verified");
  }
}

TEST_CASE("no byte of a store makes other weights the signed ones") {
  Clone clone(GENERATE("loose", "packed", "older"));
  const Clone good = clone;
  clone.work["weights.bin"].back() ^= 1;
  std::size_t count = 0;
  for (auto& [path, content] : clone.repository.files) {
    for (std::size_t at = 0; at < content.size(); at += 1 + content.size() / 150) {
      CAPTURE(path, at);
      content[at] ^= static_cast<char>(1U << (at % 8));
      ++count;
      const Evidence evidence = clone.check();
      CHECK(evidence.state() != "verified");
      for (const Coverage& file : evidence.coverage) {
        if (file.path == "weights.bin") CHECK(file.state != CoverageState::covered);
      }
      content = good.repository.files.at(path);
    }
  }
  CHECK(count > 300);
}

TEST_CASE("of a store that is cut short nothing else is believed") {
  Clone clone(GENERATE("loose", "packed", "older"));
  const Clone good = clone;
  for (auto& [path, content] : clone.repository.files) {
    if (!path.starts_with("objects/")) continue;
    for (const std::size_t size : {content.size() - 1, content.size() / 2, std::size_t{0}}) {
      CAPTURE(path, size);
      content.resize(size);
      const Evidence evidence = clone.check();
      // Older versions are not needed; trailers of packs and their indexes are not read.
      const bool all_covered = evidence.coverage.size() == good.work.size() &&
                               std::ranges::all_of(evidence.coverage, [](const Coverage& file) {
                                 return file.state == CoverageState::covered;
                               });
      CHECK((evidence.state() != "verified" || all_covered));
      content = good.repository.files.at(path);
    }
  }
}
