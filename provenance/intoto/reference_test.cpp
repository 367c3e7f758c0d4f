#include <catch2/catch.hpp>

#include "provenance/crypto/test_reference.h"
#include "provenance/intoto/attestation_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;
using namespace assay::provenance::testing;

TEST_CASE("attestations that npm published verify against the public-good root") {
  if (!has_shared_material()) {
    WARN("no reference material beside the source tree");
    return;
  }
  Checks checks;
  const std::string root_text = read_shared("trust-roots/public-good-trusted_root.json");
  const auto root = parse_trusted_root(as_bytes(root_text), checks);
  AttestationVerification how{.root = &*root, .identity = {}, .key = {}, .allow_legacy_v01 = true};
  const auto verify = [&](const std::string& name, std::string_view sha512) {
    NamedArtifact archive{.path = "x.tgz", .digests = {}, .git_commit = {}};
    archive.digests.digests[HashKind::sha512] = from_hex(sha512).value();
    const std::string text = read_shared("bundles/sigstore-go/" + name);
    return verify_attestations(as_bytes(text), {&archive, 1}, how).at(0);
  };
  const Evidence v1 =
      verify("sigstore.js@2.0.0-provenance.sigstore.json",
             "46d4e2f74c4877316640000a6fdf8a8b59f1e0847667973e9859f774dd31b8f1e0937813"
             "b777fb66a2ac67d50540fe34640966eee9fc2ccca387082b4c85cd3c");
  CHECK(problem_of(v1).empty());
  CHECK(v1.state() == "signed");
  CHECK(v1.kind == "slsa");
  CHECK(properties(v1, "source_repository").at(0) == "https://github.com/sigstore/sigstore-js");
  CHECK(properties(v1, "source_digest").at(0) == "f0b49a04e5a62250e0f60fb128004a73110fe311");
  const std::string_view older =
      "76176ffa33808b54602c7c35de5c6e9a4deb96066dba6533f50ac234f4f1f4c6b3527515dc17c06fbe286003"
      "0f410eee69ea20079bd3a2c6f3dcf3b329b10751";
  const Evidence v02 = verify("bundle-provenance.json", older);
  CHECK(problem_of(v02).empty());
  CHECK(properties(v02, "source_ref").at(0) == "refs/heads/main");
  CHECK(properties(v02, "entry_point").at(0) == ".github/workflows/release.yml");
  how.identity =
      IdentityPolicy{"https://github.com/o/r", "https://token.actions.githubusercontent.com"};
  CHECK(problem_of(verify("bundle-provenance.json", older)) == "policy.identity");
  CHECK(problem_of(verify("dsse-2sigs.sigstore.json", older)) == "dsse.signatures");
  how.identity.reset();
  const std::string key = read_shared("bundles/sigstore-go/publish_key.pub");
  if (auto pem = PublicKey::from_pem(as_bytes(key))) how.key = *pem;
  const Evidence publish = verify("bundle-publish.json", older);
  for (const Check& check : publish.checks.list()) UNSCOPED_INFO(check.name + " " + check.message);
  CHECK(publish.state() == "verified");
  CHECK(properties(publish, "predicate_name").at(0) == "npm-publish");
}
