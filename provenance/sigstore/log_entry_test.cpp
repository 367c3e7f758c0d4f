#include "provenance/sigstore/log_entry.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

struct Case {
  std::string_view kind;
  bool envelope;
};
constexpr Case kCases[] = {{"hashedrekord/0.0.1", false}, {"hashedrekord/0.0.2", false},
                           {"hashedrekord/0.0.1", true},  {"hashedrekord/0.0.2", true},
                           {"dsse/0.0.1", true},          {"dsse/0.0.2", true},
                           {"intoto/0.0.2", true}};

// The check's problem for the bundle and key of `world` with an entry of that body.
std::string problem(const World& world, std::string_view body) {
  LogEntry entry = world.bundle.log_entries[0];
  const Bytes bytes = as_bytes(body);
  entry.canonicalized_body.assign(bytes.begin(), bytes.end());
  const PublicKey key = public_of(world.key);
  const ArtifactDigests artifact{{}, as_bytes(kArtifact)};
  Evidence evidence;
  check_log_entry(world.bundle, entry, &key, &artifact, evidence.checks);
  REQUIRE_FALSE(evidence.checks.list().empty());
  return problem_of(evidence);
}

std::string body_text(const World& world) {
  return std::string(as_text(world.bundle.log_entries[0].canonicalized_body));
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("an entry of another digest, signature or key than the bundle's is a mismatch") {
  for (const Case& one : kCases) {
    CAPTURE(one.kind, one.envelope);
    const World world(one.kind, one.envelope);
    const World other(one.kind, one.envelope);
    CHECK(problem(world, body_text(other)) == "tlog.entry-mismatch");

    Bundle elsewhere = world.bundle;
    elsewhere.message_signature.reset();
    elsewhere.envelope = envelope_bundle(world.key, statement_about("other")).envelope;
    elsewhere.envelope->signatures[0].sig = world.bundle.signature();
    if (one.envelope) {
      CHECK(problem(world, body_of(elsewhere, world.key, one.kind)) == "tlog.entry-mismatch");
    }
    // The same signature, said to be checked with another key.
    CHECK(problem(world, body_of(world.bundle, other.key, one.kind)) == "tlog.entry-mismatch");
    // A second signature by the same key over the same.
    const Bundle again = one.envelope ? envelope_bundle(world.key, statement_about(kArtifact))
                                      : message_bundle(world.key);
    CHECK(problem(world, body_of(again, world.key, one.kind)) == "tlog.entry-mismatch");
    CHECK(problem(world, body_text(world)).empty());
  }
}

TEST_CASE("an entry of another artifact is a mismatch") {
  const World world;
  const Bundle other = message_bundle(world.key, "other");
  const std::string hash = hex(digest_of(HashKind::sha256, as_bytes(kArtifact)));
  const std::string changed = hex(digest_of(HashKind::sha256, as_bytes("other")));
  CHECK(problem(world, with(body_text(world), hash, changed)) == "tlog.entry-mismatch");
}

TEST_CASE("bodies of kinds that are not read, or not of the kind named, are refused by that") {
  const World world;
  const std::string body = body_text(world);
  CHECK(problem(world, with(body, "0.0.1", "0.0.3")) == "tlog.kind");
  CHECK(problem(world, with(body, "hashedrekord", "rekord")) == "tlog.kind");
  World message("hashedrekord/0.0.1");
  message.bundle.log_entries[0].kind = "dsse";
  CHECK(problem(message, body_text(World("dsse/0.0.1", true))) == "tlog.kind");
  World unknown;
  unknown.bundle.log_entries[0].kind = "rekord";
  CHECK(problem(unknown, with(body, "hashedrekord", "rekord")) == "tlog.kind");
}

TEST_CASE("bodies with parts missing, doubled or of another form are a mismatch") {
  for (const Case& one : kCases) {
    CAPTURE(one.kind, one.envelope);
    const World world(one.kind, one.envelope);
    const std::string body = body_text(world);
    CHECK(problem(world, "") == "tlog.entry-mismatch");
    CHECK(problem(world, "{}") == "tlog.kind");
    CHECK(problem(world, body.substr(0, body.size() - 1)) == "tlog.entry-mismatch");
    CHECK(problem(world, with(body, "\"spec\"", "\"spec\":{},\"spec\"")) == "tlog.entry-mismatch");
    CHECK(problem(world, with(body, "\"spec\"", "\"spek\"")) == "tlog.entry-mismatch");
    for (const char* name : {"\"signature\"", "\"signatures\"", "\"publicKey\"", "\"algorithm\""}) {
      if (body.find(name) == std::string::npos) continue;
      CAPTURE(name);
      CHECK(problem(world, with(body, name, "\"x\"")) == "tlog.entry-mismatch");
    }
  }
  const World two("dsse/0.0.1", true);
  const std::string body = body_text(two);
  const auto first = body.find("[{") + 1;
  const std::string signature = body.substr(first, body.find("}]") + 1 - first);
  CHECK(problem(two, with(body, signature, signature + "," + signature)) == "tlog.entry-mismatch");
}

TEST_CASE("an in-toto entry may hold the signature's bytes in place of their base64") {
  const World world("intoto/0.0.2", true);
  const std::string once = to_base64(world.bundle.signature());
  const std::string twice = to_base64(as_bytes(once));
  CHECK(problem(world, with(body_text(world), twice, once)).empty());
}

TEST_CASE("a digest of a kind that nobody computed of the artifact cannot be compared") {
  World world;
  world.key = ec_key_on("P-384");
  world.bundle = message_bundle(world.key);
  log_in(world.bundle, world.log, "hashedrekord/0.0.1",
         body_of(world.bundle, world.key, "hashedrekord/0.0.1"));
  const PublicKey key = public_of(world.key);
  const ArtifactDigests digest{{{HashKind::sha256, ByteString(32)}}, {}};
  Evidence evidence;
  check_log_entry(world.bundle, world.bundle.log_entries[0], &key, &digest, evidence.checks);
  CHECK(evidence.state() == "unchecked");
}
