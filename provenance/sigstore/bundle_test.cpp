#include "provenance/sigstore/bundle.h"

#include <catch2/catch.hpp>

#include "core/text.h"

using namespace assay;
using namespace assay::provenance;

namespace {

constexpr std::string_view kType = R"("mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json")";
constexpr std::string_view kMessage = R"("messageSignature":{"signature":"AQ=="})";
constexpr std::string_view kKey = R"("verificationMaterial":{"publicKey":{"hint":"x"}})";

std::string object(std::initializer_list<std::string_view> members) {
  std::string text = "{";
  for (const std::string_view member : members) {
    if (text.size() > 1) text += ',';
    text += member;
  }
  return text + "}";
}

// The class of the failure; empty when the bundle was read.
std::string failure_of(std::string_view text) {
  Checks checks;
  const auto bundle = parse_bundle(as_bytes(text), checks);
  const Check* failure = checks.first_failure();
  REQUIRE(bundle.has_value() == (failure == nullptr));
  return failure ? failure->name : "";
}

std::string material(std::string_view inside) {
  return R"("verificationMaterial":{)" + std::string(inside) + "}";
}

}  // namespace

TEST_CASE("what is no JSON, or two readers may read in two ways, is no bundle") {
  CHECK(failure_of("") == "bundle.parse");
  CHECK(failure_of("{") == "bundle.parse");
  CHECK(failure_of("[]") == "bundle.parse");
  CHECK(failure_of(object({kType, kKey, kMessage, kMessage})) == "bundle.parse");
  CHECK(failure_of(object({kType, kKey, kMessage,
                           R"("message_signature":{"signature":"AQ=="})"})) == "bundle.parse");
}

TEST_CASE("unknown versions of bundles are refused by that name") {
  for (const char* type : {"", "application/json", "application/vnd.dev.sigstore.bundle.v0.4+json",
                           "application/vnd.dev.sigstore.bundle+json;version=0.4",
                           "application/vnd.dev.sigstore.bundle.v0.1+json",
                           "application/vnd.dev.sigstore.bundle.v0.3+json "}) {
    CAPTURE(type);
    const std::string member = R"("mediaType":")" + std::string(type) + '"';
    CHECK(failure_of(object({member, kKey, kMessage})) == "bundle.version");
  }
  CHECK(failure_of(object({kKey, kMessage})) == "bundle.version");
  CHECK(failure_of(object({R"("mediaType":7)", kKey, kMessage})) == "bundle.parse");
}

TEST_CASE("exactly one kind of material must be there, and not an empty one") {
  for (const char* inside :
       {"", R"("publicKey":{},"certificate":{"rawBytes":"AQ=="})", R"("certificate":{})",
        R"("certificate":null)", R"("x509CertificateChain":{"certificates":[]})",
        R"("x509CertificateChain":{"certificates":[{}]})",
        R"("x509CertificateChain":{"certificates":[{"rawBytes":"AQ=="}]},"publicKey":{})"}) {
    CAPTURE(inside);
    CHECK(failure_of(object({kType, material(inside), kMessage})) == "bundle.material");
  }
  CHECK(failure_of(object({kType, kMessage})) == "bundle.material");
}

TEST_CASE("a second log entry and one without a body are refused") {
  const std::string entry = R"({"logIndex":"1","canonicalizedBody":"e30="})";
  const auto with = [&](const std::string& entries) {
    return failure_of(
        object({kType, material(R"("publicKey":{},"tlogEntries":[)" + entries + "]"), kMessage}));
  };
  CHECK(with(entry + "," + entry) == "bundle.tlog");
  CHECK(with(R"({"logIndex":"1"})") == "bundle.tlog");
  CHECK(with(R"({"logIndex":"-1","canonicalizedBody":"e30="})") == "bundle.parse");
  CHECK(with("7") == "bundle.parse");
  CHECK(with(entry).empty());
  CHECK(with("").empty());
}

TEST_CASE("an inclusion proof longer than any tree is high is refused") {
  std::string hashes = R"("")";
  for (std::size_t i = 0; i < kMaxProofHashes; ++i) hashes += R"(,"")";
  const std::string entry =
      R"({"canonicalizedBody":"e30=","inclusionProof":{"hashes":[)" + hashes + "]}}";
  CHECK(failure_of(object({kType, material(R"("publicKey":{},"tlogEntries":[)" + entry + "]"),
                           kMessage})) == "bundle.parse");
}

TEST_CASE("a bundle signs a message or an envelope, once") {
  const std::string_view two = R"("dsseEnvelope":{"signatures":[{"sig":"AQ=="},{"sig":"AQ=="}]})";
  const std::string_view one = R"("dsseEnvelope":{"signatures":[{"sig":"AQ=="}]})";
  CHECK(failure_of(object({kType, kKey})) == "bundle.parse");
  CHECK(failure_of(object({kType, kKey, kMessage, one})) == "bundle.parse");
  CHECK(failure_of(object({kType, kKey, two})) == "dsse.signatures");
  CHECK(failure_of(object({kType, kKey, R"("dsseEnvelope":{})"})) == "dsse.signatures");
  CHECK(failure_of(object({kType, kKey, R"("dsseEnvelope":{"signatures":[{}]})"})) ==
        "dsse.signatures");
  CHECK(failure_of(object({kType, kKey, R"("messageSignature":{})"})) == "bundle.parse");
  CHECK(failure_of(object({kType, kKey, R"("messageSignature":{"signature":"A*=="})"})) ==
        "bundle.parse");
  CHECK(failure_of(object({kType, kKey, one})).empty());
}

TEST_CASE("the parts of a bundle are read in either spelling") {
  const std::string text = object(
      {R"("media_type":"application/vnd.dev.sigstore.bundle+json;version=0.2")",
       R"("verification_material":{"x509_certificate_chain":{"certificates":[{"raw_bytes":"AQ"}]},
          "tlog_entries":[{"log_index":5,"log_id":{"key_id":"Ag=="},
            "kind_version":{"kind":"dsse","version":"0.0.1"},"integrated_time":"9",
            "inclusion_promise":{"signed_entry_timestamp":"Aw=="},"canonicalized_body":"e30",
            "inclusion_proof":{"log_index":"4","tree_size":"6","root_hash":"_-8","hashes":["BA=="],
              "checkpoint":{"envelope":"note"}}}],
          "timestamp_verification_data":{"rfc3161_timestamps":[{"signed_timestamp":"BQ=="}]}})",
       R"("dsse_envelope":{"payload_type":"t","payload":"Bg==","signatures":[{"sig":"Bw==",
          "keyid":"k"}]})"});
  Checks checks;
  const auto bundle = parse_bundle(as_bytes(text), checks);
  REQUIRE(bundle.has_value());
  CHECK(bundle->version == BundleVersion::v0_2);
  CHECK(bundle->material.kind == MaterialKind::certificate_chain);
  CHECK(hex(bundle->material.certificates.at(0)) == "01");
  const LogEntry& entry = bundle->log_entries.at(0);
  CHECK(entry.log_index == 5);
  CHECK(entry.kind == "dsse");
  CHECK(entry.integrated_time == 9);
  CHECK(hex(entry.signed_entry_timestamp) == "03");
  CHECK(entry.inclusion_proof.value().log_index == 4);
  CHECK(entry.inclusion_proof.value().tree_size == 6);
  CHECK(hex(entry.inclusion_proof.value().root_hash) == "ffef");
  CHECK(entry.inclusion_proof.value().checkpoint == "note");
  CHECK(bundle->timestamps.size() == 1);
  CHECK(bundle->envelope.value().payload_type == "t");
  CHECK(hex(bundle->signature()) == "07");
}

TEST_CASE("keys of old model signatures and hash algorithms by number are read") {
  const std::string text = object(
      {kType, R"("verificationMaterial":{"publicKey":{"rawBytes":"AQ==","keyDetails":12}})",
       R"("messageSignature":{"messageDigest":{"algorithm":1,"digest":"AA=="},"signature":"AQ=="})"});
  Checks checks;
  const auto bundle = parse_bundle(as_bytes(text), checks);
  REQUIRE(bundle.has_value());
  CHECK(bundle->material.kind == MaterialKind::public_key);
  CHECK(bundle->material.key_details == "12");
  CHECK(hex(bundle->material.raw_bytes) == "01");
  CHECK(bundle->message_signature.value().digest_algorithm == "SHA2_256");
}
