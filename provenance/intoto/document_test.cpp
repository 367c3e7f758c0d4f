#include "provenance/intoto/document.h"

#include <catch2/catch.hpp>

#include "provenance/intoto/attestation_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;
using namespace assay::provenance::testing;

TEST_CASE("bare envelopes are checked with a given key only") {
  Signed made(slsa_statement(subject("a.bin", sha256("hello"))));
  DsseEnvelope envelope = *made.bundle.envelope;
  const auto verify = [&] { return made.verify(json_of(envelope), kFiles).at(0); };
  CHECK(verify().state() == "verified");
  CHECK(verify().kind == "slsa");
  made.how.key.reset();
  CHECK(verify().state() == "unchecked");
  CHECK(problem_of(verify()) == "signature.dsse");
  made.how.key = public_of(made.key);
  envelope.payload.back() = std::byte{' '};
  CHECK(problem_of(verify()) == "signature.dsse");
  envelope = *made.bundle.envelope;
  envelope.payload_type = "text/plain";
  CHECK(problem_of(verify()) == "signature.dsse");
  envelope = *made.bundle.envelope;
  envelope.signatures.clear();
  CHECK(problem_of(verify()) == "dsse.signatures");
}

TEST_CASE("no changed character of an envelope is accepted") {
  const Signed made(slsa_statement(subject("a.bin", sha256("hello"))));
  const std::string good = json_of(*made.bundle.envelope);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (made.verify(changed, kFiles).at(0).state() == "verified") ++accepted;
  }
  CHECK(accepted == std::string_view("keyid").size());  // an unknown member is none
}

TEST_CASE("an envelope with another signature beside the good one is odd, a bundle rejected") {
  Signed made(slsa_statement(subject("a.bin", sha256("hello"))));
  made.bundle.envelope->signatures.push_back({sign(ec_key(), as_bytes("x")), "other"});
  CHECK(problem_of(made.verify(kFiles)) == "dsse.signatures");
  const std::string bare = json_of(*made.bundle.envelope);
  const Evidence odd = made.verify(bare, kFiles).at(0);
  CHECK(odd.state() == "verified");
  CHECK(warning_of(odd) == "dsse.signatures");
  made.how.strict = true;
  CHECK(problem_of(made.verify(bare, kFiles).at(0)) == "dsse.signatures");
}

TEST_CASE("lists and lines of attestations give one evidence each") {
  const Signed made(slsa_statement(subject("a.bin", sha256("hello"))));
  const std::string bundle = json_of(made.bundle);
  const std::string bare = json_of(*made.bundle.envelope);
  const auto count = [&](const std::string& document) {
    const auto list = made.verify(document, kFiles);
    return std::pair(list.size(), std::ranges::count_if(list, [](const Evidence& evidence) {
                       return evidence.state() == "verified";
                     }));
  };
  using Counts = std::pair<std::size_t, std::ptrdiff_t>;
  CHECK(count(bundle + "\n" + bare + "\r\n\n") == Counts(2, 2));
  CHECK(count("[" + bundle + "," + bare + "]") == Counts(2, 2));
  CHECK(count(R"({"attestations":[{"predicateType":"x","bundle":)" + bundle + R"(},{"bundle":)" +
              bundle + "}]}") == Counts(2, 2));
  CHECK(count(bundle + "\nno JSON\n" + bare) == Counts(3, 2));
  CHECK(count(R"({"attestations":[{"bundle":null,"bundle_url":"https://x.test"}]})") ==
        Counts(1, 0));
}

TEST_CASE("documents that are no attestations, or too many, are never silent") {
  const auto problem = [](std::string_view document) {
    return problem_of(verify_attestations(as_bytes(document), kFiles, {}).back());
  };
  for (const char* text : {"", "{}", "[]", "null", "7", "no", R"({"attestations":[]})", "[[]]",
                           R"({"attestations":{}})", "{\n\"a\":1,\n\"a\":2}"}) {
    CAPTURE(text);
    CHECK(problem(text) == "attestation.parse");
  }
  CHECK(problem(R"({"attestations":[{"bundle_url":"u"}]})") == "attestation.absent");
  CHECK(problem(R"({"payloadType":"t","payload":7,"signatures":[{"sig":"AA=="}]})") ==
        "dsse.parse");
  CHECK(problem(R"({"mediaType":"x"})") == "bundle.version");
  CHECK(problem(R"({"payloadType":"a","payload_type":"b","signatures":[{"sig":""}]})") ==
        "dsse.parse");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "{}\n";
  CHECK(verify_attestations(as_bytes(many), kFiles, {}).size() == kMaxAttestations + 1);
  CHECK(problem(many) == "attestation.count");
  many = "[{}";
  for (int i = 0; i < 10'000; ++i) many += ",{}";
  CHECK(problem(many + "]") == "attestation.count");
}

TEST_CASE("a payload that is no statement, or another type of payload, is rejected") {
  CHECK(problem_of(Signed("{}").verify(kFiles)) == "statement.type");
  CHECK(problem_of(Signed("no").verify(kFiles)) == "statement.type");
  CHECK(problem_of(Signed(R"({"_type":"x","_type":"y"})").verify(kFiles)) == "statement.type");
  Signed made("{}");
  made.bundle.envelope->payload_type = "application/json";
  CHECK(problem_of(made.verify(kFiles)) == "signature.dsse");
}

TEST_CASE("the digests to compute are known before anything is believed") {
  const Signed made(slsa_statement(subject("a", "x") + "," + subject("b", "y", "sha512") + "," +
                                   subject("c", "y", "md5")));
  CHECK(digests_needed(as_bytes(json_of(made.bundle))) ==
        std::set{HashKind::sha256, HashKind::sha512});
  CHECK(digests_needed(as_bytes(json_of(*made.bundle.envelope))).size() == 2);
  CHECK(digests_needed(as_bytes("no")).empty());
}
