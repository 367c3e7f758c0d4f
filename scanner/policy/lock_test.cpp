#include "scanner/policy/lock.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "scanner/policy/test_records.h"

using namespace assay;
using namespace assay::policy;
using namespace assay::policy::test;

namespace {

Context at(std::int64_t now, std::optional<std::string> repository = std::nullopt) {
  return {.now = now, .repository = std::move(repository), .trust_root_date = {}};
}

Lock locked(const std::vector<EvidenceRecord>& records) {
  return compare({}, records, at(kNow)).updated;
}

std::vector<std::string> codes(const LockComparison& comparison) {
  std::vector<std::string> out;
  for (const Objection& o : comparison.objections) out.push_back(o.path + " " + o.code);
  std::ranges::sort(out);
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a lock is written the same for the same signers, and reads back") {
  EvidenceRecord one = record("b/model.sig", {});
  one.evidence.properties = {{"root_digest", std::string(64, 'f')}};
  const EvidenceRecord two = record("a\"\\\n\xff.sig", {}, "oms", "key");
  const EvidenceRecord three = record(std::string(200, '.') + std::string(3000, 'x'), {});
  const Lock lock = locked({one, two, three});
  const std::string text = write_lock(lock);
  CAPTURE(text);
  CHECK(text == write_lock(locked({three, two, one})));
  const auto again = read_lock(text);
  REQUIRE(again);
  CHECK(*again == lock);
  CHECK(lock.pins.size() == 3);
  CHECK(text.contains("first_seen = 2026-05-28\n"));
  CHECK(compare(*again, {one, two, three}, at(kNow)).objections.empty());
}

TEST_CASE("a lock that is not understood is refused by line") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row row = GENERATE(
      Row{"", "has no 'version'"}, Row{"version = 1\npins = 1\n", "line 2: the lock: unknown key"},
      Row{"version = 1\n[[pin]]\npath = \"a\"\n", "line 2: [[pin]] has no 'kind'"},
      Row{"version = 1\n[[pin]]\npath = \"a\"\nkind = \"b\"\nmethod = \"c\"\nidentity = \"x\"\n"
          "first_seen = 2026-01-01\n",
          "expected either 'identity' with 'issuer', or 'fingerprint'"},
      Row{"version = 1\n[[pin]]\npath = \"a\"\nkind = \"b\"\nmethod = \"c\"\nfingerprint = \"x\"\n",
          "has no 'first_seen'"});
  CAPTURE(row.text);
  const auto lock = read_lock(row.text);
  REQUIRE_FALSE(lock);
  CHECK(lock.error().message.contains(row.message));
}

TEST_CASE("another signer than at first is a finding, and the old day goes with the old one") {
  const EvidenceRecord first = record("model.sig", {});
  EvidenceRecord other = first;
  other.evidence.signer->identity = "you@x.test";
  const LockComparison changed = compare(locked({first}), {other}, at(kNow + 86'400));
  CHECK(codes(changed) == Strings{"model.sig policy.signer-changed"});
  REQUIRE(changed.updated.pins.size() == 1);
  CHECK(changed.updated.pins[0].identity == "you@x.test");
  CHECK(to_string(changed.updated.pins[0].first_seen) == "2026-05-29");
  const LockComparison same = compare(locked({first}), {first}, at(kNow + 86'400));
  CHECK(codes(same).empty());
  CHECK(to_string(same.updated.pins.at(0).first_seen) == "2026-05-28");
}

TEST_CASE("a Sigstore signer is the identity, every other one the key") {
  EvidenceRecord first = record("model.sig", {});
  EvidenceRecord second = first;
  second.evidence.signer->fingerprint = std::string(64, 'b');
  CHECK(codes(compare(locked({first}), {second}, at(kNow))).empty());
  first.evidence.method = second.evidence.method = "certificate";
  CHECK(codes(compare(locked({first}), {second}, at(kNow))) ==
        Strings{"model.sig policy.signer-changed"});
  // From an identity to a certificate that says the same of itself.
  EvidenceRecord keyless = first;
  keyless.evidence.method = "sigstore";
  CHECK(codes(compare(locked({keyless}), {first}, at(kNow))) ==
        Strings{"model.sig policy.signer-changed"});
}

TEST_CASE("what was signed and is no more is a finding: gone, broken or not checked") {
  const EvidenceRecord first = record("model.sig", {});
  const Lock lock = locked({first});
  CHECK(codes(compare(lock, {}, at(kNow))) == Strings{". policy.signature-gone"});
  EvidenceRecord broken = first;
  broken.evidence.checks.fail("signature", "");
  const LockComparison rejected = compare(lock, {broken}, at(kNow));
  CHECK(codes(rejected) == Strings{". policy.signature-gone"});
  CHECK(rejected.objections[0].detail.ends_with("is rejected now"));
  CHECK(rejected.updated.pins.empty());
  EvidenceRecord open = first;
  open.evidence.checks.cannot("tlog.set", "");
  CHECK(codes(compare(lock, {open}, at(kNow))) == Strings{". policy.signature-gone"});
  // Moved elsewhere, by whomever.
  CHECK(codes(compare(lock, {record("other.sig", {})}, at(kNow))) ==
        Strings{". policy.signature-gone"});
}

TEST_CASE("signed counts as verified does; what has no signer is not pinned") {
  EvidenceRecord first = record("model.sig", {});
  first.evidence.signer_checked = false;
  CHECK(locked({first}).pins.size() == 1);
  CHECK(locked({listing("trees/c.json", {"a"})}).pins.empty());
  EvidenceRecord nobody = record("model.sig", {});
  nobody.evidence.signer->issuer.clear();
  CHECK(locked({nobody}).pins.empty());
}

TEST_CASE("repositories keep their own signers") {
  const EvidenceRecord mine = record("model.sig", {});
  EvidenceRecord theirs = mine;
  theirs.evidence.signer->identity = "you@x.test";
  Lock lock = compare({}, {mine}, at(kNow, "acme/a")).updated;
  const LockComparison second = compare(lock, {theirs}, at(kNow, "acme/b"));
  CHECK(codes(second).empty());
  CHECK(second.updated.pins.size() == 2);
  CHECK(codes(compare(second.updated, {mine}, at(kNow, "acme/a"))).empty());
  CHECK(codes(compare(second.updated, {mine}, at(kNow, "acme/b"))) ==
        Strings{"model.sig policy.signer-changed"});
}

TEST_CASE("several signers of one file are a set: a new one among them is told") {
  EvidenceRecord other = record("all.jsonl", {}, "slsa");
  other.evidence.signer->identity = "you@x.test";
  const EvidenceRecord mine = record("all.jsonl", {}, "slsa");
  CHECK(codes(compare(locked({mine, other}), {other, mine}, at(kNow))).empty());
  CHECK(codes(compare(locked({mine}), {mine, other}, at(kNow))) ==
        Strings{"all.jsonl policy.signer-changed"});
}
