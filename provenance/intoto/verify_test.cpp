#include "provenance/intoto/verify.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/key_maker.h"
#include "provenance/crypto/private_key.h"
#include "provenance/crypto/test_reference.h"
#include "provenance/roots/public_good.h"
#include "provenance/sha256.h"
#include "provenance/sigstore/sign_statement.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;

namespace {

const PrivateKey& key() {
  static const PrivateKey kKey =
      *PrivateKey::from_pem(as_bytes(provenance::testing::new_ec_key("P-256")));
  return kKey;
}

AttestedFile file(std::string path, std::string_view content) {
  return {std::move(path),
          {{HashKind::sha256, digest_of(HashKind::sha256, as_bytes(content))},
           {HashKind::sha512, digest_of(HashKind::sha512, as_bytes(content))}}};
}

std::string subject(std::string_view name, std::string_view content) {
  return R"({"name":")" + std::string(name) + R"(","digest":{"sha256":")" +
         sha256_hex(as_bytes(content)) + R"("}})";
}

std::string statement(const std::string& subjects, std::string_view type = "https://x/y",
                      std::string_view predicate = "{}") {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[)" + subjects +
         R"(],"predicateType":")" + std::string(type) + R"(","predicate":)" +
         std::string(predicate) + "}";
}

Evidence verify(const std::string& text, const std::vector<AttestedFile>& files,
                bool with_key = true) {
  const auto bundle = sign_statement(text, key());
  REQUIRE(bundle.has_value());
  AttestationVerification how;
  if (with_key) how.key = key().public_key();
  return verify_attestation(as_bytes(*bundle), files, how);
}

std::string verdict(const Evidence& evidence) {
  const Check* failure = evidence.checks.first_failure();
  return std::string(evidence.state()) + (failure ? " " + failure->name : "");
}

std::string property(const Evidence& evidence, std::string_view name) {
  for (const auto& [key, value] : evidence.properties) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("a statement about other content than a file of that name has is rejected") {
  const std::string about = statement(subject("a", "alpha"));
  CHECK(verdict(verify(about, {file("a", "other")})) == "rejected artifact.digest");
  CHECK(verdict(verify(about, {file("b", "beta")})) == "rejected artifact.digest");
  CHECK(verdict(verify(about, {})) == "rejected artifact.digest");
  const std::string both = statement(subject("a", "alpha") + "," + subject("b", "beta"));
  CHECK(verdict(verify(both, {file("a", "alpha"), file("b", "other")})) ==
        "rejected artifact.digest");
}

TEST_CASE("a statement holds for files by their content, whatever their name") {
  const std::string about = statement(subject("a", "alpha"));
  const Evidence evidence = verify(about, {file("x", "alpha"), file("b", "beta")});
  CHECK(verdict(evidence) == "verified");
  REQUIRE(evidence.coverage.size() == 1);
  CHECK(evidence.coverage[0].path == "x");
  CHECK(evidence.kind == "in-toto");
  CHECK(verdict(verify(about, {file("a", "alpha")}, false)) == "unchecked");
}

TEST_CASE("two digests of a subject must both agree, and unknown ones say nothing") {
  const std::string mixed = statement(R"({"name":"a","digest":{"sha256":")" +
                                      sha256_hex(as_bytes("alpha")) + R"(","sha512":"00"}})");
  CHECK(verdict(verify(mixed, {file("a", "alpha")})) == "rejected artifact.digest");
  const std::string commit = statement(R"({"name":"a","digest":{"gitCommit":"00"}})");
  CHECK(verdict(verify(commit, {file("a", "alpha")})) == "unchecked");
}

TEST_CASE("an envelope without a bundle is verified with a given key alone") {
  const std::string text = statement(subject("a", "alpha"));
  const auto bundle = sign_statement(text, key());
  const auto at = bundle->find(R"("dsseEnvelope":)") + 15;
  const std::string bare = bundle->substr(at, bundle->size() - at - 1);
  const std::vector<AttestedFile> files{file("a", "alpha")};
  CHECK(verdict(verify_attestation(as_bytes(bare), files, {})) == "unchecked");
  AttestationVerification how;
  how.key = key().public_key();
  CHECK(verdict(verify_attestation(as_bytes(bare), files, how)) == "verified");
  how.key = PrivateKey::from_pem(as_bytes(provenance::testing::new_ec_key("P-256")))->public_key();
  CHECK(verdict(verify_attestation(as_bytes(bare), files, how)) == "rejected signature.dsse");
  CHECK(verdict(verify_attestation(as_bytes(R"({"payloadType":"x"})"), files, how)) ==
        "rejected envelope.parse");
}

TEST_CASE("lines are attestations of their own") {
  CHECK(split_attestations(as_bytes("{}\n\n {}\r\n")).size() == 2);
  CHECK(split_attestations(as_bytes("{\n}")).size() == 1);
  CHECK(split_attestations({}).empty());
  CHECK(split_attestations(as_bytes(std::string(3000, '\n') + "{}")).size() == 1);
}

TEST_CASE("what provenance says of builder, source and materials is told") {
  const std::string text = statement(subject("a", "alpha"), "https://slsa.dev/provenance/v1", R"({
    "buildDefinition": {"buildType": "https://build/type", "externalParameters": {"workflow":
      {"repository": "https://github.com/o/r", "ref": "refs/heads/main"}},
      "resolvedDependencies": [{"uri": "hf://datasets/o/d", "digest": {"gitCommit": "ab"}},
        {"uri": "https://huggingface.co/o/base"}, {"uri": "git+https://x"}, 7]},
    "runDetails": {"builder": {"id": "https://builder"}, "metadata": {"invocationId": "1"}}})");
  const Evidence evidence = verify(text, {file("a", "alpha")});
  CHECK(verdict(evidence) == "verified");
  CHECK(evidence.kind == "slsa");
  CHECK(property(evidence, "builder_id") == "https://builder");
  CHECK(property(evidence, "source") == "https://github.com/o/r");
  CHECK(property(evidence, "material_dataset") == "hf://datasets/o/d gitCommit:ab");
  CHECK(property(evidence, "material_model") == "https://huggingface.co/o/base");
  CHECK(property(evidence, "material") == "git+https://x");
  CHECK(evidence.checks.first(Outcome::warned)->name == "slsa.parse");
}

TEST_CASE("a material's name cannot look like its digest") {
  const std::string text = statement(subject("a", "alpha"), "https://slsa.dev/provenance/v1", R"({
    "buildDefinition": {"resolvedDependencies": [{"name": "x sha256:ab", "digest": {"sha1": "c d"}}]}})");
  CHECK(property(verify(text, {file("a", "alpha")}), "material") == "x%20sha256:ab sha1:c%20d");
}

TEST_CASE("the provenance of a published package is read, and its builder is the signer's") {
  if (!provenance::testing::has_shared_material()) {
    WARN("the bundles of other clients are not here");
    return;
  }
  const std::string bundle = provenance::testing::read_shared(
      "bundles/sigstore-go/sigstore.js@2.0.0-provenance.sigstore.json");
  const auto statement = unverified_statement(as_bytes(bundle));
  REQUIRE(statement.has_value());
  AttestedFile package{statement->subjects[0].name, {}};
  package.digests[HashKind::sha512] = *from_hex(*statement->subjects[0].find_digest("sha512"));
  Checks checks;
  const auto root = parse_trusted_root(public_good_root(), checks);
  AttestationVerification how;
  how.root = &*root;
  const Evidence evidence = verify_attestation(as_bytes(bundle), {package}, how);
  CHECK(verdict(evidence) == "signed");
  CHECK(evidence.kind == "slsa");
  CHECK(property(evidence, "source") == "https://github.com/sigstore/sigstore-js");
  CHECK_FALSE(property(evidence, "builder_id").empty());
  how.identity = IdentityPolicy{evidence.signer->identity, evidence.signer->issuer};
  CHECK(verdict(verify_attestation(as_bytes(bundle), {package}, how)) == "verified");
  package.digests[HashKind::sha512][0] ^= std::byte{1};
  CHECK(verdict(verify_attestation(as_bytes(bundle), {package}, how)) ==
        "rejected artifact.digest");
}
