#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/text.h"
#include "provenance/crypto/test_reference.h"
#include "provenance/sigstore/bundle_maker.h"
#include "provenance/sigstore/checkpoint.h"
#include "provenance/sigstore/test_cases.h"

using namespace assay;
using namespace assay::provenance;

// No change of one byte of what is signed, or of what is checked, may be accepted.
namespace {

// A bundle takes some 3 ms. ASSAY_EVERY_BYTE=1 takes ten minutes, and leaves none out.
const std::size_t kStride = std::getenv("ASSAY_EVERY_BYTE") ? 1 : 31;

void add(std::string& text, std::string_view part) {
  text += std::to_string(part.size()) + ":" + std::string(part) + ",";
}

void add_entry(std::string& text, const LogEntry& entry) {
  add(text, as_text(entry.log_id));
  add(text, entry.kind + " " + entry.version);
  add(text, as_text(entry.signed_entry_timestamp));
  add(text, as_text(entry.canonicalized_body));
  if (!entry.signed_entry_timestamp.empty()) {
    add(text, std::to_string(entry.log_index) + " " + std::to_string(entry.integrated_time));
  }
  if (!entry.inclusion_proof) return;
  const InclusionProof& proof = *entry.inclusion_proof;
  add(text, std::to_string(proof.log_index) + " " + std::to_string(proof.tree_size));
  add(text, as_text(proof.root_hash));
  for (const ByteString& hash : proof.hashes) add(text, as_text(hash));
  // Signatures of witnesses are stepped over.
  const auto checkpoint = parse_checkpoint(proof.checkpoint);
  if (checkpoint) add(text, checkpoint->text);
}

// All of a bundle that a signature covers or a check compares. Left out are hints (the
// message's digest is one: another is rejected, none is fine), the certificates behind
// the leaf, and timestamps, of which the verified time counts.
std::string significant(Bytes document, const Evidence& evidence) {
  Checks ignored;
  const auto bundle = parse_bundle(document, ignored);
  REQUIRE(bundle.has_value());
  std::string text;
  if (!bundle->material.certificates.empty()) add(text, as_text(bundle->material.certificates[0]));
  for (const LogEntry& entry : bundle->log_entries) add_entry(text, entry);
  if (bundle->envelope) {
    add(text, bundle->envelope->payload_type);
    add(text, as_text(bundle->envelope->payload));
  }
  add(text, as_text(bundle->signature()));
  // A log entry's own time may be all that is left when a timestamp is spoilt.
  for (const VerifiedTime& time : evidence.times) add(text, std::to_string(time.seconds));
  return text;
}

// Without a timestamp the bundle lives on what the log vouches for.
bool has_fewer_times(const Evidence& evidence, const Evidence& good) {
  return evidence.times.size() < good.times.size();
}

void check_every_byte(const std::string& bundle, const BundleVerification& how) {
  const Evidence good = verify_bundle(as_bytes(bundle), how);
  REQUIRE(good.state() == "verified");
  const std::string meaning = significant(as_bytes(bundle), good);
  std::size_t accepted = 0;
  for (std::size_t i = bundle.size() % kStride; i < bundle.size(); i += kStride) {
    std::string mutant = bundle;
    mutant[i] = static_cast<char>(mutant[i] ^ 1);
    const Evidence evidence = verify_bundle(as_bytes(mutant), how);
    if (evidence.state() != "verified") continue;
    ++accepted;
    const bool same = significant(as_bytes(mutant), evidence) == meaning;
    CAPTURE(i, mutant.substr(i < 60 ? 0 : i - 60, 90));
    if (!same && !has_fewer_times(evidence, good)) CHECK(same);
  }
  CAPTURE(accepted, bundle.size());
  CHECK(accepted < bundle.size());
}

// Every byte of `field`, in place.
void check_field(testing::World& world, ByteString& field) {
  for (std::byte& byte : field) {
    byte ^= std::byte{1};
    CHECK(verify_bundle(world.bundle, world.how()).state() != "verified");
    byte ^= std::byte{1};
  }
}

void check_number(testing::World& world, std::int64_t& number) {
  for (const std::int64_t step : {-1, 1}) {
    number += step;
    CHECK(verify_bundle(world.bundle, world.how()).state() != "verified");
    number -= step;
  }
}

}  // namespace

TEST_CASE("no byte of a made bundle can be another") {
  const auto [kind, envelope] = GENERATE(table<std::string, bool>(
      {{"hashedrekord/0.0.1", false}, {"dsse/0.0.1", true}, {"intoto/0.0.2", true}}));
  testing::World world(kind, envelope);
  REQUIRE(verify_bundle(world.bundle, world.how()).state() == "verified");
  LogEntry& entry = world.bundle.log_entries[0];
  check_field(world, entry.log_id);
  check_field(world, entry.canonicalized_body);
  check_field(world, entry.signed_entry_timestamp);
  check_field(world, entry.inclusion_proof->root_hash);
  for (ByteString& hash : entry.inclusion_proof->hashes) check_field(world, hash);
  check_number(world, entry.log_index);
  check_number(world, entry.integrated_time);
  check_number(world, entry.inclusion_proof->tree_size);
  if (envelope) {
    check_field(world, world.bundle.envelope->payload);
    check_field(world, world.bundle.envelope->signatures[0].sig);
  } else {
    check_field(world, world.bundle.message_signature->digest);
    check_field(world, world.bundle.message_signature->signature);
  }
  std::string& checkpoint = entry.inclusion_proof->checkpoint;
  for (char& byte : checkpoint) {
    byte = static_cast<char>(byte ^ 1);
    CHECK(verify_bundle(world.bundle, world.how()).state() != "verified");
    byte = static_cast<char>(byte ^ 1);
  }
}

TEST_CASE("no byte that means something of ten bundles of other clients can be another") {
  if (!testing::has_shared_material()) {
    WARN("the conformance cases are not here");
    return;
  }
  const std::string name =
      GENERATE("happy-path-intoto-in-dsse-v3", "happy-path-v0.1", "happy-path-v0.3",
               "intoto-with-custom-trust-root", "managed-key-happy-path",
               "rekor2-checkpoint-cosigned", "rekor2-dsse-happy-path", "rekor2-happy-path",
               "rekor2-timestamp-with-embedded-cert", "rekor2-timestamp-without-embedded-cert");
  CAPTURE(name);
  const testing::ConformanceCase given(name, true);
  check_every_byte(given.bundle, given.how);
}
