#include "provenance/cms/verify.h"

#include <openssl/cms.h>

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/cms/cms_maker.h"
#include "provenance/cms/signed_data.h"
#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::cms;
using namespace assay::provenance::testing;

namespace {

NamedArtifact file(std::string_view content = kArtifact) {
  NamedArtifact made{.path = "model.bin", .digests = {}, .git_commit = {}};
  for (const HashKind hash : {HashKind::sha256, HashKind::sha384, HashKind::sha512}) {
    made.digests.digests[hash] = digest_of(hash, as_bytes(content));
  }
  return made;
}

// An authority, a signer below it, and whom to ask for.
struct Company {
  Made root = make_root();
  Made signer = signer_below(root);
  CmsVerification how{.anchors = {root.der()}, .key = {}, .seconds = kNow};

  Evidence verify(const Message& message, const NamedArtifact& about = file()) const {
    return verify_cms(der_of(message), about, how);
  }
  std::string problem(const Message& message, const NamedArtifact& about = file()) const {
    return problem_of(verify(message, about));
  }
};

std::string warnings(const Evidence& evidence) {
  std::string names;
  for (const Check& check : evidence.checks.list()) {
    if (check.outcome == Outcome::warned) names += (names.empty() ? "" : " ") + check.name;
  }
  return names;
}

}  // namespace

TEST_CASE("a detached signature by a certificate below the anchor is verified by digest") {
  const Company world;
  const Message message = cms_over(kArtifact, {world.signer});
  for (const bool pem : {false, true}) {
    const std::string text = pem_of(message);
    const Evidence evidence =
        pem ? verify_cms(as_bytes(text), file(), world.how) : world.verify(message);
    CHECK(problem_of(evidence).empty());
    CHECK(evidence.state() == "verified");
    CHECK(warnings(evidence).empty());
    CHECK(evidence.kind == "cms");
    CHECK(evidence.signer.value().identity == "signer@example.test");
    CHECK(evidence.coverage == std::vector<Coverage>{{"model.bin", CoverageState::covered}});
  }
}

TEST_CASE("another file, signer, anchor or time rejects") {
  Company world;
  const Message message = cms_over(kArtifact, {world.signer});
  CHECK(world.problem(message, file("other")) == "artifact.digest");
  CHECK(world.verify(message, file("other")).coverage[0].state == CoverageState::changed);
  CHECK(world.problem(cms_over("other", {world.signer})) == "artifact.digest");
  const Company other;
  CHECK(other.problem(message) == "cert.chain");
  world.how.seconds = kEnd + 1;
  CHECK(world.problem(message) == "cert.time");
  world.how.anchors.clear();
  CHECK(world.verify(message).state() == "signed");
  world.how.key = public_of(world.signer.key);
  CHECK(world.verify(message).state() == "verified");
  world.how.key = public_of(ec_key());
  CHECK(world.problem(message) == "key.mismatch");
  world.how.anchors = {ByteString(4)};
  CHECK(world.problem(message) == "cert.parse");
}

TEST_CASE("what certificates may not be used for they do not sign") {
  const Company world;
  Wanted wanted{.subject = "tls", .extensions = {{"keyUsage", "critical,keyEncipherment"}}};
  const Made tls = issue(&world.root, wanted);
  CHECK(world.problem(cms_over(kArtifact, {tls})) == "cert.usage");
}

TEST_CASE("all of several signers must hold") {
  Company world;
  const Made second = signer_below(world.root, ec_key(), "second");
  const Message both = cms_over(kArtifact, {world.signer, second});
  CHECK(world.verify(both).state() == "verified");
  const Company other;
  CHECK(world.problem(cms_over(kArtifact, {world.signer, other.signer})) == "cert.chain");
  world.how = {.anchors = {}, .key = public_of(world.signer.key), .seconds = kNow};
  CHECK(world.problem(both) == "key.mismatch");
}

TEST_CASE("keys of all kinds and hashes sign; weak hashes do not") {
  const Company world;
  const auto state = [&](SharedKey key, const EVP_MD* digest, bool pss = false) {
    const Made signer = signer_below(world.root, std::move(key));
    return world.problem(cms_over(kArtifact, {signer}, {.digest = digest, .pss = pss}));
  };
  CHECK(state(ec_key_on("P-384"), EVP_sha384()).empty());
  CHECK(state(ec_key_on("P-521"), EVP_sha512()).empty());
  CHECK(state(ec_key_on("P-384"), EVP_sha256()).empty());
  CHECK(state(rsa_key(2048), EVP_sha256()).empty());
  CHECK(state(rsa_key(2048), EVP_sha512(), true).empty());
  CHECK(state(rsa_key(2048), EVP_sha1()) == "cms.algorithm");
  CHECK(state(rsa_key(2048), EVP_md5()) == "cms.algorithm");
  CHECK(state(rsa_key(1024), EVP_sha256()) == "cert.parse");
  const Message sha224 = cms_over(kArtifact, {world.signer}, {.digest = EVP_sha224()});
  CHECK(world.verify(sha224).state() == "unchecked");
  CHECK(world.problem(sha224) == "cms.algorithm");
}

TEST_CASE("signatures without attributes are checked by digest and are odd") {
  Company world;
  const CmsWanted bare{.attributes = false};
  const Message message = cms_over(kArtifact, {world.signer}, bare);
  CHECK(world.verify(message).state() == "verified");
  CHECK(warnings(world.verify(message)) == "cms.attributes");
  CHECK(world.problem(message, file("other")) == "signature");
  world.how.strict = true;
  CHECK(world.problem(message) == "cms.attributes");
}

TEST_CASE("content in the signature must be the file's own") {
  Company world;
  const CmsWanted embedded{.embedded = true};
  const Message message = cms_over(kArtifact, {world.signer}, embedded);
  CHECK(world.verify(message).state() == "verified");
  CHECK(warnings(world.verify(message)) == "cms.embedded");
  CHECK(world.problem(message, file("other")) == "artifact.digest");
  // Signed attributes of the file around a content that is another.
  Message mixed = cms_over(kArtifact, {world.signer}, embedded);
  ASN1_OCTET_STRING** content = CMS_get0_content(mixed.get());
  ASN1_OCTET_STRING_set(*content, reinterpret_cast<const unsigned char*>("evil"), 4);
  CHECK(world.problem(mixed) == "artifact.digest");
}

TEST_CASE("a signature without its certificate needs it from the verifier") {
  Company world;
  const CmsWanted bare{.certificates = false};
  const Message message = cms_over(kArtifact, {world.signer}, bare);
  CHECK(world.verify(message).state() == "unchecked");
  CHECK(world.problem(message) == "cms.signer");
  world.how.anchors = {world.signer.der()};
  CHECK(world.verify(message).state() == "verified");
}

TEST_CASE("a digest that was not taken is asked for and not guessed") {
  const Company world;
  const Message message = cms_over(kArtifact, {world.signer}, {.digest = EVP_sha512()});
  CHECK(digests_needed(der_of(message)) == std::set{HashKind::sha512});
  CHECK(digests_needed(as_bytes("no")).empty());
  NamedArtifact partly = file();
  partly.digests.digests.erase(HashKind::sha512);
  CHECK(world.verify(message, partly).state() == "unchecked");
  CHECK(world.problem(message, partly) == "artifact.digest");
}

TEST_CASE("no single changed byte of a signature is accepted") {
  const Company world;
  const ByteString good = der_of(cms_over(kArtifact, {world.signer}));
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    ByteString changed = good;
    changed[i] ^= std::byte{1};
    if (verify_cms(changed, file(), world.how).state() == "verified") ++accepted;
  }
  // Nobody signs, and nothing here believes, the two version numbers (a byte each) and the
  // announcement which digest algorithms will come (nine bytes of an object identifier).
  CHECK(accepted == 2 + 9);
}

TEST_CASE("what is no signed data in CMS is said to be none") {
  const Company world;
  const auto problem = [&](Bytes bytes) {
    return problem_of(verify_cms(bytes, file(), world.how));
  };
  CHECK(problem({}) == "cms.parse");
  CHECK(problem(as_bytes("-----BEGIN CMS-----\nAAAA\n")) == "cms.parse");
  CHECK(problem(as_bytes("-----BEGIN CMS-----\n!\n-----END CMS-----\n")) == "cms.parse");
  ByteString der = der_of(cms_over(kArtifact, {world.signer}));
  CHECK(looks_like_cms(der));
  der.push_back(std::byte{0});
  CHECK(problem(der) == "cms.parse");
  der.resize(der.size() / 2);
  CHECK(problem(der) == "cms.parse");
  CHECK(problem(world.root.der()) == "cms.parse");
  CHECK(problem(der_of(cms_over(kArtifact, {}))) == "cms.parse");
  CHECK(problem(ByteString(5U << 20)) == "cms.parse");
  std::vector<Made> many;
  for (int i = 0; i < 17; ++i) many.push_back(signer_below(world.root));
  CHECK(world.problem(cms_over(kArtifact, many)) == "cms.parse");
  CHECK(world.verify(cms_over(kArtifact, many)).state() == "unchecked");
  CHECK_FALSE(looks_like_cms(world.root.der()));
  CHECK_FALSE(looks_like_cms(as_bytes("text")));
}
