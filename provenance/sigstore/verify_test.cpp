#include "provenance/sigstore/verify.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/dsse.h"
#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

std::string problem(const World& world, const BundleVerification& how) {
  return problem_of(verify_bundle(world.bundle, how));
}
std::string problem(const World& world) { return problem(world, world.how()); }

LogEntry& entry_of(World& world) { return world.bundle.log_entries[0]; }

// As above after `change`, which gets the world's only entry.
template <typename Change>
std::string problem_after(Change change, std::string_view kind = "hashedrekord/0.0.1") {
  World world(kind);
  change(entry_of(world));
  return problem(world);
}

std::string property(const Evidence& evidence, std::string_view name) {
  for (const auto& [key, value] : evidence.properties) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("a bundle by another key, of another artifact or in another log is rejected") {
  const World world;
  const World other;
  BundleVerification how = world.how();
  how.key = public_of(other.key);
  CHECK(problem(world, how) == "signature");
  how = world.how();
  how.artifact = ArtifactDigests{{}, as_bytes("other")};
  CHECK(problem(world, how) == "artifact.digest");
  how = world.how();
  how.root = &other.root;
  CHECK(problem(world, how) == "tlog.unknown-log");
  how.root = nullptr;
  CHECK(problem(world, how) == "tlog.unknown-log");
}

TEST_CASE("every part of a log's evidence is needed") {
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof.reset(); }) ==
        "tlog.inclusion.missing");
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof->checkpoint.clear(); }) ==
        "tlog.inclusion.missing");
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof->checkpoint += "x"; }) ==
        "tlog.checkpoint.parse");
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof->hashes.clear(); }) ==
        "tlog.inclusion");
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof->log_index = 0; }) ==
        "tlog.inclusion");
  CHECK(problem_after([](LogEntry& entry) { entry.inclusion_proof->tree_size = 3; }) ==
        "tlog.checkpoint.mismatch");
  CHECK(problem_after([](LogEntry& entry) { entry.signed_entry_timestamp.clear(); }) ==
        "time.none");
  CHECK(problem_after([](LogEntry& entry) { entry.integrated_time += 1; }) == "tlog.set");
  CHECK(problem_after([](LogEntry& entry) { entry.log_index += 1; }) == "tlog.set");
  CHECK(problem_after([](LogEntry& entry) { entry.log_id.clear(); }) == "tlog.unknown-log");
  World none;
  none.bundle.log_entries.clear();
  CHECK(problem(none) == "bundle.tlog");
}

TEST_CASE("a proof that hangs together but is of no checkpoint by the log is rejected") {
  World world;
  const Log impostor{.key = ec_key(), .name = world.log.name};
  LogEntry forged = entry_of(world);
  impostor.add(forged);
  entry_of(world).inclusion_proof = forged.inclusion_proof;
  CHECK(problem(world) == "tlog.checkpoint.signature");
}

TEST_CASE("a checkpoint by the log of another tree than the proof's is rejected") {
  World world;
  World other;
  other.log = world.log;
  other.log.add(entry_of(other));
  entry_of(world).inclusion_proof->checkpoint = entry_of(other).inclusion_proof->checkpoint;
  CHECK(problem(world) == "tlog.checkpoint.mismatch");
}

TEST_CASE("a log is trusted at both ends of its validity and not beyond") {
  World world;
  Validity& valid = world.root.tlogs[0].valid_for;
  valid = {{kNow, 0}, Moment{kNow, 0}};
  CHECK(problem(world).empty());
  valid = {{kNow, 1}, {}};
  CHECK(problem(world) == "tlog.key-validity");
  valid = {{0, 0}, Moment{kNow - 1, 999'999'999}};
  CHECK(problem(world) == "tlog.key-validity");
  // The same key a second time, for the time in question.
  world.root.tlogs.push_back(world.root.tlogs[0]);
  world.root.tlogs[1].valid_for = {{kNow, 0}, {}};
  CHECK(problem(world).empty());
}

TEST_CASE("version 0.1 wants the promise, and lives on it alone only if allowed") {
  World world;
  world.bundle.version = BundleVersion::v0_1;
  CHECK(problem(world).empty());
  World unpromised = world;
  entry_of(unpromised).signed_entry_timestamp.clear();
  CHECK(problem(unpromised) == "tlog.set");

  entry_of(world).inclusion_proof.reset();
  CHECK(problem(world) == "tlog.inclusion.missing");
  BundleVerification how = world.how();
  how.allow_legacy_v01 = true;
  const Evidence legacy = verify_bundle(world.bundle, how);
  CHECK(legacy.state() == "verified");
  CHECK(legacy.checks.first(Outcome::warned)->name == "tlog.inclusion.missing");
  how.strict = true;
  CHECK(problem(world, how) == "tlog.inclusion.missing");
  how.strict = false;
  world.bundle.version = BundleVersion::v0_2;
  CHECK(problem(world, how) == "tlog.inclusion.missing");
}

TEST_CASE("entries of Rekor v2 have one index and no time") {
  World world("hashedrekord/0.0.2");
  entry_of(world).signed_entry_timestamp.clear();
  CHECK(problem(world) == "time.none");
  CHECK(problem(World("hashedrekord/0.0.2")) == "tlog.inclusion");
}

TEST_CASE("a policy for certificates is not met by a key, nor one for keys by nothing") {
  const World world;
  BundleVerification how = world.how();
  how.identity = IdentityPolicy{"", ""};
  CHECK(problem(world, how) == "bundle.material");
  CHECK_FALSE(verify_bundle(world.bundle, how).signer_checked);
  how = world.how();
  how.key.reset();
  const Evidence evidence = verify_bundle(world.bundle, how);
  CHECK(evidence.state() == "unchecked");
  CHECK(problem_of(evidence) == "bundle.material");
}

TEST_CASE("a statement must be one, signed, and about the artifact") {
  const auto with_payload = [](const std::string& payload, std::string_view type) {
    World world("dsse/0.0.1", true);
    world.bundle = envelope_bundle(world.key, payload);
    world.bundle.envelope->payload_type = type;
    world.bundle.envelope->signatures[0].sig =
        sign(world.key, pre_authentication_encoding(type, as_bytes(payload)));
    log_in(world.bundle, world.log, "dsse/0.0.1", body_of(world.bundle, world.key, "dsse/0.0.1"));
    return problem(world);
  };
  const std::string good = statement_about(kArtifact);
  CHECK(with_payload(good, "application/json") == "dsse.payload-type");
  CHECK(with_payload(good, "") == "dsse.payload-type");
  CHECK(with_payload("{}", kInTotoPayloadType) == "statement.type");
  CHECK(with_payload("no JSON", kInTotoPayloadType) == "statement.type");
  CHECK(with_payload(statement_about(kArtifact, "https://in-toto.io/Statement/v2"),
                     kInTotoPayloadType) == "statement.type");
  CHECK(with_payload(statement_about("other"), kInTotoPayloadType) == "artifact.digest");
  CHECK(with_payload(good, kInTotoPayloadType).empty());

  World changed("dsse/0.0.1", true);
  changed.bundle.envelope->payload.back() = std::byte{' '};
  CHECK(problem(changed) == "signature.dsse");
}

TEST_CASE("what an envelope says of artifacts is the caller's affair where none is given") {
  const World world("dsse/0.0.1", true);
  BundleVerification how = world.how();
  how.artifact.reset();
  CHECK(verify_bundle(world.bundle, how).state() == "verified");
  const World message;
  how = message.how();
  how.artifact.reset();
  CHECK(verify_bundle(message.bundle, how).state() == "unchecked");
}

TEST_CASE("signatures that need more than the digest given cannot be checked, and say so") {
  for (const SharedKey& key : {ed25519_key(), ec_key_on("P-384"), ec_key_on("P-521")}) {
    World world;
    world.key = key;
    world.bundle = message_bundle(key);
    const std::string kind = "hashedrekord/0.0.1";
    log_in(world.bundle, world.log, kind, body_of(world.bundle, key, kind));
    CHECK(problem(world).empty());
    BundleVerification how = world.how();
    how.artifact =
        ArtifactDigests{{{HashKind::sha256, digest_of(HashKind::sha256, as_bytes(kArtifact))}}, {}};
    const Evidence evidence = verify_bundle(world.bundle, how);
    CHECK(evidence.state() == "unchecked");
    CHECK(problem_of(evidence) == "signature");
    how.artifact = ArtifactDigests{{}, as_bytes("other")};
    CHECK(problem(world, how) == "artifact.digest");
  }
}

TEST_CASE("a digest that the bundle claims must be the artifact's; an unknown kind is odd") {
  World world;
  world.bundle.message_signature->digest[0] ^= std::byte{1};
  CHECK(problem(world) == "artifact.digest");
  world.bundle.message_signature->digest_algorithm = "SHA3_256";
  CHECK(problem(world).empty());
  BundleVerification how = world.how();
  how.strict = true;
  CHECK(problem(world, how) == "artifact.digest");
  world.bundle.message_signature->digest.clear();
  CHECK(problem(world, how).empty());
}

TEST_CASE("evidence says who signed, when, and where a monitor can go on") {
  for (const char* kind : {"dsse/0.0.1", "intoto/0.0.2", "hashedrekord/0.0.1"}) {
    const World world(kind, true);
    const Evidence evidence = verify_bundle(world.bundle, world.how());
    CAPTURE(kind);
    CHECK(evidence.state() == "verified");
    CHECK(evidence.kind == "sigstore-bundle");
    CHECK(evidence.method == "key");
    CHECK(evidence.signer.value().fingerprint == public_of(world.key).fingerprint());
    CHECK(evidence.times == std::vector<VerifiedTime>{{"rekor", "https://log.test", kNow}});
    CHECK(property(evidence, "bundle_version") == "0.3");
    CHECK(property(evidence, "log_index") == "1000");
    CHECK(property(evidence, "log_url") == "https://log.test");
    CHECK(property(evidence, "log_origin") == "log.test - 7");
    CHECK(property(evidence, "tree_size") == "2");
    CHECK(property(evidence, "entry_hash").size() == 64);
    CHECK(property(evidence, "checkpoint") ==
          world.bundle.log_entries[0].inclusion_proof->checkpoint);
    CHECK(property(evidence, "payload_type") == kInTotoPayloadType);
    CHECK(property(evidence, "predicate_type") == "https://slsa.dev/provenance/v1");
  }
}

TEST_CASE("all failures are reported, the first in the order of checks") {
  World world;
  entry_of(world).inclusion_proof->hashes[0][0] ^= std::byte{1};
  BundleVerification how = world.how();
  how.artifact = ArtifactDigests{{}, as_bytes("other")};
  std::vector<std::string> failed;
  const Evidence evidence = verify_bundle(world.bundle, how);
  for (const Check& check : evidence.checks.list()) {
    if (check.outcome == Outcome::failed) failed.push_back(check.name);
  }
  CHECK(failed == std::vector<std::string>{"tlog.inclusion", "artifact.digest", "signature",
                                           "tlog.entry-mismatch"});
}
