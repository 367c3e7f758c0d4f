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
constexpr std::int64_t kNow = 1'800'000'000;  // after the samples were made

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

git::GitKeys shared_keys(const std::string& allowed_signers) {
  git::GitKeys keys;
  for (const char* name : {"rsa", "ed", "p256"}) {
    const std::string text = file_text(kSamples / ("openpgp-" + std::string(name) + ".pub.asc"));
    const auto parsed = openpgp::parse_keys(as_bytes(text)).value();
    keys.openpgp.insert(keys.openpgp.end(), parsed.begin(), parsed.end());
  }
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

TEST_CASE("commits signed by OpenPGP keys are accepted, altered ones rejected by their class") {
  if (!fs::exists(kSamples)) return;
  struct Row {
    const char* file;
    const char* principal;
    const char* verdict;
  };
  const auto row = GENERATE(
      Row{"openpgp-rsa", "rsa@example.invalid", "verified"},
      Row{"openpgp-ed", "ed <ed@example.invalid>", "verified"},
      Row{"openpgp-ed", "91A79ECF8CD82A52BF354801B12D42AEFC6E1CE3", "verified"},
      Row{"openpgp-p256", "p256@example.invalid", "verified"},
      Row{"openpgp-p256", "t@example.invalid", "rejected git.principal"},
      Row{"bad-openpgp-rsa-committer-altered", "rsa@example.invalid", "rejected git.signature"},
      Row{"bad-openpgp-ed-committer-altered", "ed@example.invalid", "rejected git.signature"});
  CAPTURE(row.file, row.principal);
  const std::string object = file_text(kSamples / (std::string(row.file) + ".commit"));
  const git::GitKeys keys = shared_keys("allowed_signers");
  CHECK(verdict(git::verify_commit(as_bytes(object), keys, row.principal, kNow)) == row.verdict);
  const auto stranger = git::verify_commit(as_bytes(object), {}, row.principal, kNow);
  CHECK(verdict(stranger) == "unchecked git.key.unknown");
  const auto early = git::verify_commit(as_bytes(object), keys, std::nullopt, 1'700'000'000);
  CHECK(early.state() == "rejected");
}

TEST_CASE("no commit with one byte changed is accepted") {
  if (!fs::exists(kSamples)) return;
  const auto file =
      GENERATE("openpgp-rsa", "openpgp-ed", "openpgp-p256", "ssh-ed25519", "ssh-ecdsa", "ssh-rsa");
  CAPTURE(file);
  std::string object = file_text(kSamples / (std::string(file) + ".commit"));
  const git::GitKeys keys = shared_keys("allowed_signers");
  for (std::size_t at = 0; at < object.size(); ++at) {
    for (const char flip : {'\x01', '\x20', '\x7f'}) {
      CAPTURE(at, flip);
      object[at] = static_cast<char>(object[at] ^ flip);
      const auto evidence = git::verify_commit(as_bytes(object), keys, std::nullopt, kNow);
      CHECK((evidence.state() == "rejected" || evidence.state() == "unchecked"));
      object[at] = static_cast<char>(object[at] ^ flip);
    }
  }
}
