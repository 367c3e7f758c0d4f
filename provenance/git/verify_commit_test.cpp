#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "provenance/git/commit.h"
#include "provenance/git/verify.h"

using namespace assay;
using namespace assay::provenance;

namespace {

namespace fs = std::filesystem;

const fs::path kSamples = ASSAY_SOURCE_DIR "/../shared/provenance/git-signed";
constexpr std::int64_t kNow = 1'770'000'000;  // a month after the samples were made

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

git::GitKeys shared_keys(const std::string& allowed_signers) {
  git::GitKeys keys;
  keys.ssh = sshsig::parse_allowed_signers(file_text(kSamples / allowed_signers)).value();
  return keys;
}

// The class of the verdict: of the first failure, else of what could not be carried out.
std::string verdict(const Evidence& evidence) {
  const Check* check = evidence.checks.first_failure();
  if (!check) check = evidence.checks.first(Outcome::unknown);
  return std::string(evidence.state()) + (check ? " " + check->name : "");
}

struct Sample {
  const char* file;
  const char* verdict;
};

}  // namespace

TEST_CASE("commits signed by SSH keys are accepted, altered ones rejected by their class") {
  if (!fs::exists(kSamples)) {
    WARN("shared samples are not here");
    return;
  }
  const auto sample =
      GENERATE(Sample{"ssh-ed25519", "verified"}, Sample{"ssh-ecdsa", "verified"},
               Sample{"ssh-rsa", "verified"}, Sample{"unsigned", "unchecked git.unsigned"},
               Sample{"bad-ssh-ed25519-committer-altered", "rejected git.signature"},
               Sample{"bad-ssh-wrong-namespace", "rejected git.namespace"});
  CAPTURE(sample.file);
  const std::string object = file_text(kSamples / (std::string(sample.file) + ".commit"));
  const auto check = [&](const std::string& allowed) {
    return verdict(
        git::verify_commit(as_bytes(object), shared_keys(allowed), "t@example.invalid", kNow));
  };
  CHECK(check("allowed_signers") == sample.verdict);
  CHECK_FALSE(check("allowed_signers.wrong-principal").starts_with("verified"));
}

TEST_CASE("a good SSH signature without allowed signers is signed, by nobody that was checked") {
  if (!fs::exists(kSamples)) return;
  const std::string object = file_text(kSamples / "ssh-ed25519.commit");
  const auto evidence = git::verify_commit(as_bytes(object), {}, std::nullopt, kNow);
  CHECK(evidence.state() == "signed");
  REQUIRE(evidence.signer);
  CHECK(evidence.signer->identity.empty());
}
