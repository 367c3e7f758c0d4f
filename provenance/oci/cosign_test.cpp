#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/oci/document.h"
#include "provenance/oci/layout_maker.h"
#include "provenance/sigstore/bundle_json.h"
#include "provenance/sigstore/keyless_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

constexpr std::string_view kSimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
constexpr std::string_view kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
constexpr std::string_view kImage = "application/vnd.oci.image.config.v1+json";
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string tag_of(const std::string& digest, std::string_view end = ".sig") {
  std::string tag = digest;
  tag[tag.find(':')] = '-';
  return annotations({{"org.opencontainers.image.ref.name", tag + std::string(end)}});
}

// A model that is signed, and whom to ask for.
struct SignedModel {
  Layout layout;
  std::string model = add_model(layout);
  std::string digest = digest_in(model);
  SharedKey key = ec_key();
  KeylessWorld world = {};
  intoto::AttestationVerification how;

  SignedModel() {
    layout.roots = {model};
    how.root = &world.root;
  }
  SignedModel(const SignedModel&) = delete;

  void add_signature(const std::string& payload, const Pairs& named, const std::string& tagged) {
    const std::string layer = layout.add(payload, kSimpleSigning, annotations(named));
    layout.roots.push_back(layout.add_manifest({layer}, kImage, "", tag_of(tagged)));
  }
  void sign_by_key() { sign_by_key(simple_signing(digest), digest); }
  void sign_by_key(const std::string& payload, const std::string& tagged) {
    how.key = public_of(key);
    add_signature(payload,
                  {{"dev.cosignproject.cosign/signature", to_base64(sign(key, as_bytes(payload)))}},
                  tagged);
  }
  // As cosign wrote it: all in annotations, the root certificate too.
  void sign_keyless(const std::string& changed = "", const std::string& value = "") {
    how.identity =
        IdentityPolicy{std::string(KeylessWorld::kIdentity), std::string(KeylessWorld::kIssuer)};
    const std::string payload = simple_signing(digest);
    const Bundle bundle = world.sign_message(payload);
    const LogEntry& entry = bundle.log_entries[0];
    const std::string answer =
        R"({"SignedEntryTimestamp":")" + to_base64(entry.signed_entry_timestamp) +
        R"(","Payload":{"body":")" + to_base64(entry.canonicalized_body) +
        R"(","integratedTime":)" + std::to_string(entry.integrated_time) + R"(,"logIndex":)" +
        std::to_string(entry.log_index) + R"(,"logID":")" + hex(entry.log_id) + R"("}})";
    Pairs named{{"dev.cosignproject.cosign/signature", to_base64(bundle.signature())},
                {"dev.sigstore.cosign/certificate", world.pem()},
                {"dev.sigstore.cosign/chain", world.authority_pem()},
                {"dev.sigstore.cosign/bundle", answer}};
    for (auto& [name, text] : named) {
      if (name.ends_with(changed) && !changed.empty()) text = value;
    }
    add_signature(payload, named, digest);
  }
  void refer(const std::string& bundle, const std::string& subject) {
    const std::string layer = layout.add(bundle, kBundleType);
    layout.roots.push_back(layout.add_manifest(
        {layer}, kImage,
        R"(,"artifactType":")" + std::string(kBundleType) + R"(","subject":)" + subject));
  }
  Evidence verify() const { return layout.verify(how).at(1); }
  std::string problem() const { return problem_of(verify()); }
};

std::string statement(const std::string& digest, std::string_view type) {
  return R"({"_type":"https://in-toto.io/Statement/v1","predicateType":")" + std::string(type) +
         R"(","subject":[{"digest":{"sha256":")" + digest.substr(7) + R"("}}],"predicate":{}})";
}
constexpr std::string_view kSign = "https://sigstore.dev/cosign/sign/v1";

CoverageState state_of(const Evidence& evidence, const std::string& path) {
  for (const Coverage& coverage : evidence.coverage) {
    if (coverage.path == path) return coverage.state;
  }
  return CoverageState::extra;
}

}  // namespace

TEST_CASE("what the index leads to besides, and nobody signed, is told") {
  SignedModel made;
  made.sign_by_key();
  const auto outcome = [&] {
    const Evidence layout = made.layout.verify(made.how).front();
    const auto found = std::ranges::find(layout.checks.list(), "oci.unsigned", &Check::name);
    return found == layout.checks.list().end() ? Outcome::unknown : found->outcome;
  };
  CHECK(outcome() == Outcome::passed);
  made.layout.roots.push_back(made.layout.add_manifest({made.layout.add("x", "y")}, "z"));
  CHECK(outcome() == Outcome::warned);
  made.how.strict = true;
  CHECK(outcome() == Outcome::failed);
}

TEST_CASE("a manifest signed with cosign and a key is verified, with all it leads to") {
  SignedModel made;
  made.sign_by_key();
  const auto all = made.layout.verify(made.how);
  REQUIRE(all.size() == 2);
  CHECK(all[0].state() == "matches");
  CHECK(all[1].state() == "verified");
  CHECK(all[1].kind == "cosign");
  CHECK(all[1].method == "key");
  CHECK(all[1].coverage.size() == 7);
  CHECK(state_of(all[1], oci::blob_path(made.digest)) == CoverageState::covered);
  made.how.key = public_of(ec_key());
  CHECK(made.problem() == "signature");
  made.how.key.reset();
  CHECK(made.verify().state() == "unchecked");
}

TEST_CASE("a signature over another manifest than the one it is attached to is rejected") {
  const std::string other = "sha256:" + std::string(64, 'b');
  SignedModel made;
  made.sign_by_key(simple_signing(other), made.digest);
  CHECK(made.problem() == "artifact.digest");
  SignedModel absent;
  absent.sign_by_key(simple_signing(other), other);
  CHECK(absent.verify().state() == "unchecked");
  CHECK(absent.problem() == "artifact.digest");
}

TEST_CASE("a signature does not hold when a blob of what is signed was changed or is absent") {
  SignedModel made;
  made.sign_by_key();
  std::string* weights = nullptr;
  for (auto& [path, content] : made.layout.files) {
    if (content == "weights") weights = &content;
  }
  *weights = "WEIGHTS";
  CHECK(made.problem() == "oci.digest");
  std::erase_if(made.layout.files, [](const auto& file) { return file.second == "WEIGHTS"; });
  CHECK(made.verify().state() == "unchecked");
  CHECK(made.problem() == "oci.missing");
}

TEST_CASE("no changed byte of any blob leaves a signature verified") {
  SignedModel made;
  made.sign_by_key();
  for (auto& [path, content] : made.layout.files) {
    if (!path.starts_with("blobs/")) continue;
    for (std::size_t i = 0; i < content.size(); ++i) {
      content[i] = static_cast<char>(content[i] ^ 1);
      for (const Evidence& evidence : made.layout.verify(made.how)) {
        const bool good = evidence.state() == "verified" || evidence.state() == "matches";
        if (good) FAIL(path << " at " << i);
      }
      content[i] = static_cast<char>(content[i] ^ 1);
    }
  }
  CHECK(made.verify().state() == "verified");
}

TEST_CASE("a payload that was changed, or is none of cosign's, is rejected") {
  SignedModel made;
  made.sign_by_key();
  for (auto& [path, content] : made.layout.files) {
    if (content.find("\"critical\":{") != std::string::npos) content.back() = ' ';
  }
  CHECK(made.problem() == "signature");
  for (const char* payload :
       {"{}", "no", R"({"critical":{"type":"x","image":{"docker-manifest-digest":"y"}}})",
        R"({"critical":{"type":"cosign container image signature","image":{}}})"}) {
    SignedModel other;
    other.sign_by_key(payload, other.digest);
    CAPTURE(payload);
    CHECK(other.problem() == "cosign.payload");
  }
}

TEST_CASE("a manifest signed with cosign and without a key is verified by its certificate") {
  SignedModel made;
  made.sign_keyless();
  const Evidence evidence = made.verify();
  for (const Check& check : evidence.checks.list()) UNSCOPED_INFO(check.name + " " + check.message);
  CHECK(evidence.state() == "verified");
  CHECK(evidence.method == "sigstore");
  CHECK(evidence.signer.value().identity == KeylessWorld::kIdentity);
  CHECK(evidence.times.size() == 1);
  made.how.identity->identity += "x";
  CHECK(made.problem() == "policy.identity");
  made.how.identity.reset();
  CHECK(made.verify().state() == "signed");
  made.how.root = nullptr;
  CHECK(made.problem() == "tlog.unknown-log");
}

TEST_CASE("annotations that are missing, broken or of another signature are rejected") {
  const auto problem_with = [](const std::string& name, const std::string& value) {
    SignedModel made;
    made.sign_keyless(name, value);
    return made.problem();
  };
  CHECK(problem_with("/signature", "") == "cosign.parse");
  CHECK(problem_with("/signature", "!") == "cosign.parse");
  CHECK(problem_with("/signature", "AAAA") == "signature");
  CHECK(problem_with("/certificate", "x") == "cosign.parse");
  CHECK(problem_with("/certificate", "") == "bundle.material");
  CHECK(problem_with("/chain", "x") == "cosign.parse");
  CHECK(problem_with("/bundle", "") == "bundle.tlog");
  CHECK(problem_with("/bundle", "[]") == "cosign.parse");
  CHECK(problem_with("/bundle", "no") == "cosign.parse");
  CHECK(problem_with("/bundle",
                     R"({"SignedEntryTimestamp":"AA==","Payload":{"body":"AA==","logID":"00"}})") ==
        "tlog.unknown-log");
  const KeylessWorld other;
  CHECK(problem_with("/certificate", other.pem()) == "cert.chain");
}

TEST_CASE("a bundle that refers to a manifest must be about that manifest") {
  for (const bool envelope : {true, false}) {
    SignedModel made;
    made.how.key = public_of(made.key);
    const Bundle bundle = envelope ? envelope_bundle(made.key, statement(made.digest, kSign))
                                   : message_bundle(made.key, made.layout.blob(made.model));
    made.refer(json_of(bundle), made.model);
    const Evidence evidence = made.verify();
    CHECK(evidence.state() == "verified");
    CHECK(evidence.kind == "cosign");
    CHECK(evidence.coverage.size() == 7);
    made.how.key = public_of(ec_key());
    CHECK(made.verify().state() == "rejected");
  }
  SignedModel made;
  made.how.key = public_of(made.key);
  const std::string second = made.layout.add_manifest({}, "application/x");
  made.layout.roots.push_back(second);
  made.refer(json_of(envelope_bundle(made.key, statement(digest_in(second), kSign))), made.model);
  CHECK(made.problem() == "artifact.digest");
}

TEST_CASE("referrers by certificate, and provenance of a manifest, are of their own kinds") {
  SignedModel made;
  made.how.identity =
      IdentityPolicy{std::string(KeylessWorld::kIdentity), std::string(KeylessWorld::kIssuer)};
  made.refer(json_of(made.world.sign_statement(statement(made.digest, kSign))), made.model);
  CHECK(made.verify().state() == "verified");
  CHECK(made.verify().kind == "cosign");
  SignedModel slsa;
  const std::string text = R"({"_type":"https://in-toto.io/Statement/v1","predicateType":)"
                           R"("https://slsa.dev/provenance/v1","subject":[{"digest":{"sha256":")" +
                           slsa.digest.substr(7) +
                           R"("}}],"predicate":{"runDetails":{"builder":{"id":")" +
                           std::string(KeylessWorld::kIdentity) + R"("}}}})";
  slsa.refer(json_of(slsa.world.sign_statement(text)), slsa.model);
  const Evidence evidence = slsa.verify();
  CHECK(evidence.state() == "signed");
  CHECK(evidence.kind == "slsa");
  CHECK(std::ranges::find(evidence.checks.list(), Check{"slsa.builder", Outcome::passed, ""}) !=
        evidence.checks.list().end());
}

TEST_CASE("an attestation in cosign's older form must be about the manifest of its name") {
  const auto attest = [](SignedModel& made, const std::string& about) {
    made.how.key = public_of(made.key);
    const Bundle bundle = envelope_bundle(made.key, statement(about, "https://spdx.dev/Document"));
    const std::string layer =
        made.layout.add(json_of(*bundle.envelope), "application/vnd.dsse.envelope.v1+json");
    made.layout.roots.push_back(
        made.layout.add_manifest({layer}, kImage, "", tag_of(made.digest, ".att")));
    return made.verify();
  };
  SignedModel made;
  CHECK(attest(made, made.digest).state() == "verified");
  CHECK(made.verify().kind == "in-toto");
  SignedModel other;
  CHECK(problem_of(attest(other, "sha256:" + std::string(64, 'b'))) == "artifact.digest");
}

TEST_CASE("a reference to a manifest that is not here cannot be checked") {
  SignedModel made;
  made.how.key = public_of(made.key);
  const std::string absent =
      R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,)"
      R"("digest":"sha256:)" +
      std::string(64, 'c') + "\"}";
  made.refer(json_of(envelope_bundle(made.key, statement(made.digest, kSign))), absent);
  CHECK(made.verify().state() == "unchecked");
  CHECK(made.problem() == "artifact.digest");
}

TEST_CASE("a bundle among a model's own layers is no signature of a manifest") {
  Layout layout;
  const std::string bundle = layout.add("{}", kBundleType);
  layout.roots = {layout.add_manifest({bundle}, "application/vnd.cncf.model.config.v1+json")};
  CHECK(layout.verify().size() == 1);
}

TEST_CASE("two signatures are two pieces of evidence, and a thousand are not all looked at") {
  SignedModel made;
  made.sign_by_key();
  made.sign_keyless();
  made.how.identity.reset();
  const auto all = made.layout.verify(made.how);
  REQUIRE(all.size() == 3);
  CHECK(std::ranges::count(all, "verified", &Evidence::state) == 1);

  SignedModel many;
  many.how.key = public_of(many.key);
  std::vector<std::string> layers;
  for (int i = 0; i < 1000; ++i) {
    layers.push_back(many.layout.add(std::to_string(i), kSimpleSigning));
  }
  many.layout.roots.push_back(many.layout.add_manifest(layers, kImage));
  const auto bounded = many.layout.verify(many.how);
  CHECK(bounded.size() == oci::kMaxSignatures + 1);
  CHECK(problem_of(bounded[0]) == "oci.count");
}
