#include "provenance/oms/sign.h"

#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/crypto/certificate_maker.h"
#include "provenance/crypto/key_maker.h"
#include "provenance/oms/statement_text.h"
#include "provenance/oms/test_models.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;
using namespace assay::provenance::oms::test;

namespace {

PrivateKey new_key(const char* curve = "P-256") {
  return *PrivateKey::from_pem(as_bytes(provenance::testing::new_ec_key(curve)));
}

Model hashed(const Contents& contents, const SigningOptions& options) {
  Model model;
  for (const auto& [path, content] : contents) {
    model.files.push_back({.path = path, .size = content.size()});
  }
  const auto needs = digests_to_sign(model, options);
  for (ModelFile& file : model.files) {
    if (std::ranges::find(needs, file.path, &DigestNeed::path) == needs.end()) continue;
    file.digests = {digests_of(options.plan, as_bytes(contents.at(file.path)))};
  }
  return model;
}

std::string sign(const Contents& contents, const SigningOptions& options, const PrivateKey& key,
                 std::span<const Certificate> chain = {}) {
  const auto manifest = manifest_of(hashed(contents, options), options);
  REQUIRE(manifest.has_value());
  const auto bundle = sign_manifest(*manifest, key, chain);
  REQUIRE(bundle.has_value());
  return *bundle;
}

const Contents kModel = {{"config.json", "{}"},      {"d/b", ""},
                         {"d-a/x", "weights"},       {"d/\xc3\xa4 \"q\"\n\xf0\x9f\x98\x80", "odd"},
                         {".git/config", "ignored"}, {"model.sig", "old"},
                         {"notes/a", "left out"}};

const SigningOptions kOptions{
    .model_name = "m", .ignore_paths = {"notes"}, .signature_path = "model.sig"};

ParseErrc refused(const Contents& contents, const SigningOptions& options) {
  const auto manifest = manifest_of(hashed(contents, options), options);
  REQUIRE_FALSE(manifest.has_value());
  return manifest.error().code;
}

}  // namespace

TEST_CASE("what is signed is verified, by each curve, hash and method of serialization") {
  const char* curve = GENERATE("P-256", "P-384", "P-521");
  const HashType hash = GENERATE(HashType::sha256, HashType::blake2b, HashType::blake3);
  const auto shard_size = GENERATE(as<std::uint64_t>(), 0, 4, 1000);
  const PrivateKey key = new_key(curve);
  SigningOptions options = kOptions;
  options.plan = {hash, shard_size};
  const std::string signature = sign(kModel, options, key);
  const OmsVerification how{.key = key.public_key()};
  const Evidence evidence = verify(signature, kModel, how);
  CHECK(verdict(evidence) == "verified");
  CHECK_FALSE(evidence.checks.has(Outcome::warned));
  CHECK(evidence.coverage.size() == kModel.size());
  CHECK(verdict(verify(signature, kModel, {.key = new_key(curve).public_key()})) ==
        "rejected key.hint");
}

TEST_CASE("what is signed is verified by the certificate of the key") {
  namespace made = provenance::testing;
  const auto root = made::make_root();
  const auto leaf = made::issue(&root, {.extensions = {{"keyUsage", "critical,digitalSignature"}}});
  const auto key = PrivateKey::from_pem(as_bytes(made::pem_of(leaf.key.get())));
  REQUIRE(key.has_value());
  const std::vector<Certificate> chain = {leaf.certificate()};
  const std::string signature = sign(kModel, kOptions, *key, chain);
  OmsVerification how{.anchors = {root.der()}, .seconds = made::kNow};
  CHECK(verdict(verify(signature, kModel, how)) == "verified");
  how.seconds = made::kEnd + 1;
  CHECK(verdict(verify(signature, kModel, how)) == "rejected cert.time");
  how = {.anchors = {made::make_root().der()}, .seconds = made::kNow};
  CHECK(verdict(verify(signature, kModel, how)) == "rejected cert.chain");
  CHECK(verify(signature, kModel, {}).state() == "signed");

  const auto manifest = manifest_of(hashed(kModel, kOptions), kOptions);
  CHECK(sign_manifest(*manifest, new_key(), chain).error().code == ParseErrc::malformed);
}

TEST_CASE("the statement is spelled as the reference implementation spells it") {
  const Contents model = {{"b", "b"}, {"a\xc3\xa4\xf0\x9f\x98\x80\n", ""}};
  SigningOptions options{.model_name = "m", .plan = {HashType::sha256, 0}, .signature_path = "s"};
  options.git_paths = false;
  const auto manifest = manifest_of(hashed(model, options), options);
  REQUIRE(manifest.has_value());
  CHECK(statement_text(*manifest) == R"({
  "_type": "https://in-toto.io/Statement/v1",
  "subject": [
    {
      "name": "m",
      "digest": {
        "sha256": "af4656fc08d18a94968c5ae0f5758aac35dd851d8bce84ec77968676f91cb42a"
      }
    }
  ],
  "predicateType": "https://model_signing/signature/v1.0",
  "predicate": {
    "serialization": {
      "method": "files",
      "hash_type": "sha256",
      "allow_symlinks": false,
      "ignore_paths": [
        "s"
      ]
    },
    "resources": [
      {
        "name": "a\u00e4\ud83d\ude00\n",
        "algorithm": "sha256",
        "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      },
      {
        "name": "b",
        "algorithm": "sha256",
        "digest": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
      }
    ]
  }
})");
}

TEST_CASE("a bundle is one line that begins as the reference implementation begins it") {
  const PrivateKey key = new_key();
  const std::string bundle = sign(kModel, kOptions, key);
  CHECK(bundle.starts_with(
      R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":")"));
  CHECK(bundle.find(R"("},"tlogEntries":[]},"dsseEnvelope":{"payload":")") != std::string::npos);
  CHECK(bundle.find(R"(","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":")") !=
        std::string::npos);
  CHECK(bundle.ends_with(R"(","keyid":""}]}})"));
}

TEST_CASE("a single file is signed under the name of a dot") {
  const PrivateKey key = new_key();
  SigningOptions options{.model_name = "weights.bin"};
  Model model{.files = {{.path = "weights.bin", .size = 3}}, .single_file = true};
  model.files[0].digests = {digests_of({}, as_bytes("abc"))};
  const auto manifest = manifest_of(model, options);
  REQUIRE(manifest.has_value());
  CHECK(manifest->resources[0].path == ".");
  const auto bundle = sign_manifest(*manifest, key);
  CHECK(verdict(verify_oms(as_bytes(*bundle), model, {.key = key.public_key()})) == "verified");
  model.files[0].path = "renamed.bin";
  CHECK(verdict(verify_oms(as_bytes(*bundle), model, {.key = key.public_key()})) == "verified");
  model.files[0].digests = {digests_of({}, as_bytes("abd"))};
  CHECK(verdict(verify_oms(as_bytes(*bundle), model, {.key = key.public_key()})) ==
        "rejected model.changed");
}

TEST_CASE("what a signature could not cover is not signed") {
  CHECK(refused({}, kOptions) == ParseErrc::malformed);
  CHECK(refused({{".git/a", "x"}}, kOptions) == ParseErrc::malformed);
  CHECK(refused({{"a\xff", "x"}}, kOptions) == ParseErrc::malformed);
  CHECK(refused({{"../a", "x"}}, kOptions) == ParseErrc::malformed);
  CHECK(refused({{"a", "x"}}, {.model_name = ""}) == ParseErrc::malformed);
  CHECK(refused({{"a", "x"}}, {.model_name = "m", .ignore_paths = {"*"}}) == ParseErrc::malformed);
  // Shards cannot hold a model that has files without content only.
  CHECK(refused({{"a", ""}}, {.model_name = "m", .plan = {HashType::sha256, 10}}) ==
        ParseErrc::malformed);
  for (const FileKind kind : {FileKind::link_inside, FileKind::link_outside, FileKind::other}) {
    const Model model{.files = {{.path = "a", .kind = kind}}};
    CHECK(manifest_of(model, kOptions).error().code == ParseErrc::unsupported);
  }
  const Model unread{.files = {{.path = "a"}}};
  CHECK(manifest_of(unread, kOptions).error().code == ParseErrc::unreadable);
}

TEST_CASE("links are signed and verified only when the signer allows them") {
  const PrivateKey key = new_key();
  Model model{.files = {{.path = "a", .kind = FileKind::link_inside, .size = 1}}};
  model.files[0].digests = {digests_of({}, as_bytes("a"))};
  SigningOptions options{.model_name = "m", .allow_symlinks = true};
  const OmsVerification how{.key = key.public_key()};
  const auto allowed = sign_manifest(*manifest_of(model, options), key);
  CHECK(verdict(verify_oms(as_bytes(*allowed), model, how)) == "verified");
  model.files[0].kind = FileKind::link_outside;
  CHECK(verdict(verify_oms(as_bytes(*allowed), model, how)) == "rejected oms.symlink");
  model.files[0].kind = FileKind::regular;
  options.allow_symlinks = false;
  const auto strict = sign_manifest(*manifest_of(model, options), key);
  model.files[0].kind = FileKind::link_inside;
  CHECK(verdict(verify_oms(as_bytes(*strict), model, how)) == "rejected oms.symlink");
  model.files[0].kind = FileKind::link_to_blob;
  CHECK(verdict(verify_oms(as_bytes(*strict), model, how)) == "verified");
}
