// Verdicts of the commits under corpus/git, which gpg and ssh-keygen signed.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "provenance/git/commit.h"
#include "provenance/git/verify.h"
#include "provenance/openpgp/armor.h"
#include "provenance/openpgp/check.h"
#include "provenance/openpgp/key_state.h"
#include "provenance/openpgp/packet.h"

using namespace assay;
using namespace assay::provenance;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::int64_t kMade = 1'767'225'600;

std::string file_text(const std::string& name) {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR "/corpus/git/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

git::GitKeys corpus_keys() {
  return {.openpgp = openpgp::parse_keys(as_bytes(file_text("keys.asc"))).value(),
          .ssh = sshsig::parse_allowed_signers(file_text("allowed_signers")).value()};
}

std::string verdict(const Evidence& evidence) {
  const Check* check = evidence.checks.first_failure();
  if (!check) check = evidence.checks.first(Outcome::unknown);
  return std::string(evidence.state()) + (check ? " " + check->name : "");
}

const openpgp::OpenPgpKey& key_of(const git::GitKeys& keys, std::string_view name) {
  for (const auto& key : keys.openpgp) {
    if (!key.user_ids.empty() && key.user_ids.front().text.starts_with(name)) return key;
  }
  throw std::runtime_error("no such key");
}

std::string armored(Bytes packets) {
  return "-----BEGIN PGP SIGNATURE-----\n\n" + to_base64(packets) +
         "\n-----END PGP SIGNATURE-----\n";
}

// The commit with its signature's bytes put in the place of the ones it has.
std::string resigned(const git::Commit& commit, Bytes packets) {
  std::string text(as_text(commit.payload));
  std::string folded = armored(packets);
  folded.pop_back();
  for (auto at = folded.find('\n'); at != std::string::npos; at = folded.find('\n', at + 2)) {
    folded.insert(at + 1, " ");
  }
  return text.insert(text.find("\n\n") + 1, "gpgsig " + folded + "\n");
}

}  // namespace

TEST_CASE("every signed commit of the corpus gets its verdict") {
  const git::GitKeys keys = corpus_keys();
  std::istringstream rows(file_text("expected.tsv"));
  std::size_t count = 0;
  for (std::string row; std::getline(rows, row); ++count) {
    CAPTURE(row);
    const auto tab = row.find('\t');
    const std::string object = file_text(row.substr(0, tab) + ".commit");
    const auto evidence = git::verify_commit(as_bytes(object), keys, std::nullopt, kNow);
    CHECK(verdict(evidence) == row.substr(tab + 1));
  }
  CHECK(count >= 30);
}

TEST_CASE("no bit of a signature's packet may change, but for how its length is written") {
  const auto name = GENERATE("nistp384", "rsa2048", "subkey");
  CAPTURE(name);
  const git::GitKeys keys = corpus_keys();
  const auto commit = git::parse_commit(as_bytes(file_text(std::string(name) + ".commit"))).value();
  std::string_view armor = *commit.signature;
  ByteString packets = openpgp::take_armor(armor, "PGP SIGNATURE").value();
  const auto is_clean = [&] {
    const std::string object = resigned(commit, packets);
    const auto evidence = git::verify_commit(as_bytes(object), keys, std::nullopt, kNow);
    return evidence.state() == "verified" && !evidence.checks.has(Outcome::warned);
  };
  REQUIRE(is_clean());
  // The first byte is the packet's head, the same in old and new format.
  for (std::size_t at = 1; at < packets.size(); ++at) {
    for (const int bit : {0, 4, 7}) {
      CAPTURE(at, bit);
      packets[at] ^= static_cast<std::byte>(1 << bit);
      CHECK_FALSE(is_clean());
      packets[at] ^= static_cast<std::byte>(1 << bit);
    }
  }
}

TEST_CASE("two signatures in one armour are no signature") {
  const auto commit = git::parse_commit(as_bytes(file_text("rsa2048.commit"))).value();
  std::string_view armor = *commit.signature;
  ByteString packets = openpgp::take_armor(armor, "PGP SIGNATURE").value();
  const ByteString once = packets;
  packets.insert(packets.end(), once.begin(), once.end());
  const auto evidence =
      git::verify_commit(as_bytes(resigned(commit, packets)), corpus_keys(), std::nullopt, kNow);
  CHECK(verdict(evidence) == "rejected openpgp.parse");
}

TEST_CASE("a subkey signs for its primary key only when both say so") {
  const git::GitKeys keys = corpus_keys();
  openpgp::OpenPgpKey key = key_of(keys, "subkeys");
  const auto state = [&] { return openpgp::key_state(key, &key.subkeys[0], kMade, kNow); };
  CHECK(state().self_signed);
  CHECK(state().may_sign);
  CHECK(state().back_signed);
  CHECK_FALSE(openpgp::key_state(key, nullptr, kMade, kNow).may_sign);  // certifies only
  auto& binding = key.subkeys[0].signatures.at(0);
  REQUIRE(binding.embedded);
  binding.embedded->back() ^= std::byte{1};
  CHECK_FALSE(state().back_signed);
  binding.embedded.reset();
  CHECK_FALSE(state().back_signed);
  // Adopted by another key: its owner never bound it.
  openpgp::OpenPgpKey thief = key_of(keys, "rsa2048");
  thief.subkeys.push_back(key_of(keys, "subkeys").subkeys[0]);
  CHECK_FALSE(openpgp::key_state(thief, &thief.subkeys[0], kMade, kNow).self_signed);
}

TEST_CASE("a key is judged at the time of the signature, by what its owner said last") {
  const git::GitKeys keys = corpus_keys();
  constexpr std::int64_t kDay = 86400;
  const auto& shortened = key_of(keys, "shortened");
  CHECK_FALSE(openpgp::key_state(shortened, nullptr, kMade + kDay, kNow).expired);
  CHECK(openpgp::key_state(shortened, nullptr, kMade + 6 * kDay, kNow).expired);
  CHECK(openpgp::key_state(shortened, nullptr, kMade - 1, kNow).expired);  // not yet made
  const auto& superseded = key_of(keys, "superseded");
  CHECK_FALSE(openpgp::key_state(superseded, nullptr, kMade, kNow).revoked);
  CHECK(openpgp::key_state(superseded, nullptr, kMade + 6 * kDay, kNow).revoked);
  CHECK(openpgp::key_state(key_of(keys, "compromised"), nullptr, kMade, kNow).revoked);
}

TEST_CASE("a name that its owner did not certify is not the key's") {
  const git::GitKeys keys = corpus_keys();
  openpgp::OpenPgpKey key = key_of(keys, "rsa2048");
  CHECK(openpgp::certified_user_ids(key, kNow).size() == 1);
  key.user_ids.push_back(
      {.text = "Torvalds <t@example.invalid>", .signatures = key.user_ids.front().signatures});
  CHECK(openpgp::certified_user_ids(key, kNow).size() == 1);
}
