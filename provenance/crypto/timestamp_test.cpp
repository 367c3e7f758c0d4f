#include "provenance/crypto/timestamp.h"

#include <catch2/catch.hpp>

#include "provenance/crypto/test_reference.h"
#include "provenance/crypto/timestamp_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

const ByteString kMessage(70, std::byte{7});

ByteString token_of(const TimestampAuthority& tsa, const Asked& asked = {}) {
  return make_token(tsa, kMessage, asked);
}

struct Verdict {
  std::vector<VerifiedTime> times;
  Checks checks;
  // Class and outcome of all that did not pass.
  std::string told() const {
    std::string text;
    for (const Check& check : checks.list()) {
      if (check.outcome == Outcome::passed) continue;
      text += (text.empty() ? "" : " ") + check.name + "/" + std::string(to_string(check.outcome));
    }
    return text;
  }
};

Verdict verify(const std::vector<ByteString>& tokens, const std::vector<Authority>& authorities,
               bool needed = false, const ByteString& message = kMessage) {
  Verdict verdict;
  verdict.times = verify_timestamps(tokens, message, authorities, needed, verdict.checks);
  return verdict;
}

}  // namespace

TEST_CASE("a timestamp proves its time, with and without a certificate in it") {
  const TimestampAuthority tsa;
  const bool with_certificate = GENERATE(false, true);
  const EVP_MD* md = GENERATE(EVP_sha256(), EVP_sha384(), EVP_sha512());
  const Verdict verdict = verify(
      {token_of(tsa, {.imprint = md, .with_certificate = with_certificate})}, {tsa.authority()});
  CHECK(verdict.told().empty());
  CHECK(verdict.times == std::vector<VerifiedTime>{{"rfc3161", "https://ca.test", kNow}});
}

TEST_CASE("what is no timestamp is told as such") {
  const TimestampAuthority tsa;
  ByteString longer = token_of(tsa);
  longer.push_back(std::byte{0});
  const ByteString refused = from_hex("30053003020102").value();
  for (const ByteString& token : {ByteString(), ByteString(5), longer, refused}) {
    CHECK(verify({token}, {tsa.authority()}).told() == "tsa.parse/failed");
  }
}

TEST_CASE("a timestamp is over the message, by a strong hash") {
  const TimestampAuthority tsa;
  const std::vector<Authority> trusted{tsa.authority()};
  CHECK(verify({token_of(tsa)}, trusted, false, ByteString(3)).told() == "tsa.imprint/warned");
  CHECK(verify({token_of(tsa)}, trusted, true, ByteString(3)).told() == "tsa.imprint/failed");
  CHECK(verify({token_of(tsa, {.imprint = EVP_sha1()})}, trusted).told() == "tsa.imprint/warned");
  CHECK(verify({token_of(tsa, {.signature = EVP_sha1()})}, trusted).told() ==
        "tsa.signature/failed");
}

TEST_CASE("a timestamp with one bit changed proves nothing") {
  const TimestampAuthority tsa;
  const ByteString token = token_of(tsa, {.with_certificate = true});
  for (std::size_t at = 0; at < token.size(); at += 7) {
    ByteString changed = token;
    changed[at] ^= std::byte{1};
    CAPTURE(at);
    const Verdict verdict = verify({changed}, {tsa.authority()});
    // The status text, the certificate brought along and unsigned parts may be anything.
    if (!verdict.times.empty()) CHECK(verdict.times.front().seconds == kNow);
    if (verdict.times.empty()) CHECK_FALSE(verdict.told().empty());
  }
}

TEST_CASE("an unknown authority's timestamp does not count, whatever it brings along") {
  const TimestampAuthority tsa;
  const TimestampAuthority stranger{.root = make_root("tsa root")};
  const std::vector<ByteString> tokens{token_of(stranger, {.with_certificate = true}),
                                       token_of(tsa)};
  const Verdict verdict = verify(tokens, {tsa.authority()}, true);
  CHECK(verdict.told() == "tsa.untrusted/warned");
  CHECK(verdict.times.size() == 1);
  CHECK(verify(tokens, {}, false).told() == "tsa.untrusted/warned tsa.untrusted/warned");
  CHECK(verify(tokens, {}, true).told() == "tsa.untrusted/failed tsa.untrusted/failed");
  CHECK(verify(tokens, {}).times.empty());
}

TEST_CASE("a certificate that only looks like the authority's is not taken") {
  const TimestampAuthority tsa;
  TimestampAuthority forger = tsa;
  // Same name and serial number, other key.
  forger.signer.key = ec_key();
  forger.signer.x509.reset(X509_dup(tsa.signer.x509.get()), X509_free);
  X509_set_pubkey(forger.signer.x509.get(), forger.signer.key.get());
  X509_sign(forger.signer.x509.get(), forger.signer.key.get(), EVP_sha256());
  CHECK(verify({token_of(forger)}, {tsa.authority()}).told() == "tsa.signature/failed");
  CHECK(verify({token_of(forger, {.with_certificate = true})}, {tsa.authority()}).told() ==
        "tsa.untrusted/warned");
}

TEST_CASE("the authority is trusted to the end of its time, and no longer") {
  const TimestampAuthority tsa;
  Authority authority = tsa.authority();
  authority.valid_for = {.start = {kNow, 0}, .end = Moment{kNow, 0}};
  CHECK(verify({token_of(tsa)}, {authority}).told().empty());
  CHECK(verify({token_of(tsa, {.time = kNow - 1})}, {authority}).told() ==
        "tsa.trust-window/warned");
  CHECK(verify({token_of(tsa, {.time = kNow + 1})}, {authority}, true).told() ==
        "tsa.trust-window/failed");
  // The same certificates trusted for another time.
  CHECK(verify({token_of(tsa, {.time = kNow + 1})}, {authority, tsa.authority()}).told().empty());
}

TEST_CASE("all certificates of the authority are valid at the time") {
  const TimestampAuthority tsa;
  CHECK(verify({token_of(tsa, {.time = kEnd})}, {tsa.authority()}).told().empty());
  const Verdict late = verify({token_of(tsa, {.time = kEnd + 1})}, {tsa.authority()});
  CHECK(late.told() == "tsa.cert-validity/warned");
  CHECK(late.times.empty());
}

TEST_CASE("a certificate that may not sign timestamps does not") {
  const TimestampAuthority tsa;
  TimestampAuthority server = tsa;
  server.signer = issue(&tsa.root, {.subject = "tsa",
                                    .extensions = {{"extendedKeyUsage", "critical,timeStamping"}},
                                    .key = server.signer.key});
  const ByteString token = token_of(server);
  CHECK(verify({token}, {server.authority()}).told().empty());
  // Another anchor over the same leaf.
  CHECK(verify({token}, {authority_of({server.signer, make_root("tsa root")})}).told() ==
        "tsa.signature/failed");
}

TEST_CASE("timestamps are neither repeated nor too many") {
  const TimestampAuthority tsa;
  const ByteString token = token_of(tsa);
  CHECK(verify({token, token}, {tsa.authority()}).told() == "tsa.duplicate/failed");
  CHECK(verify(std::vector(33, token), {tsa.authority()}).told() == "tsa.too-many/failed");
  CHECK(verify(std::vector(33, token), {tsa.authority()}).times.empty());
  CHECK(verify({}, {tsa.authority()}).checks.list().empty());
}

TEST_CASE("timestamps of Sigstore's bundles give their time or the class of their fault") {
  if (!has_shared_material()) {
    WARN("no reference material beside the source tree");
    return;
  }
  const auto [name, root, needed, told,
              count] = GENERATE(table<std::string, std::string, bool, std::string, std::size_t>({
      {"conformance/rekor2-timestamp-outside-trust-root-tsa-validity_fail", "", true,
       "tsa.trust-window/failed", 0},
      {"conformance/rekor2-timestamp-outside-tsa-cert-validity_fail", "", true,
       "tsa.cert-validity/failed", 0},
      {"conformance/rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail", "", true,
       "tsa.untrusted/failed", 0},
      {"conformance/rekor2-timestamp-with-embedded-cert", "", true, "", 1},
      {"conformance/rekor2-timestamp-without-embedded-cert", "", true, "", 1},
      {"conformance/rekor2-timestamp-with-incorrect-time_fail", "", true, "", 1},
      {"conformance/trust-root-tsa-validity-end-inclusive", "", true, "", 1},
      {"conformance/rekor2-no-timestamp_fail", "", true, "", 0},
      {"conformance/rekor2-dsse-happy-path", "", true, "", 1},
      {"conformance/intoto-with-custom-trust-root", "", true, "", 1},
      {"bundles/sigstore-python/tsa/bundle.txt.sigstore", "bundles/sigstore-python/tsa/ca.json",
       true, "tsa.imprint/warned", 1},
      {"bundles/sigstore-python/tsa/bundle.txt.sigstore", "trust-roots/staging-trusted_root.json",
       false, "tsa.untrusted/warned tsa.untrusted/warned", 0},
      {"bundles/sigstore-python/tsa/bundle.duplicate.sigstore",
       "bundles/sigstore-python/tsa/ca.json", true,
       "tsa.duplicate/failed tsa.imprint/failed tsa.imprint/failed tsa.imprint/failed", 0},
      {"bundles/sigstore-python/tsa/bundle.many_timestamp.sigstore",
       "bundles/sigstore-python/tsa/ca.json", true, "tsa.too-many/failed", 0},
      {"bundles/sigstore-python/tsa/bundle.txt.late_timestamp.sigstore",
       "trust-roots/staging-trusted_root.json", true, "", 1},
      {"bundles/sigstore-python/staging-rekor-v2.txt.sigstore.json",
       "trust-roots/staging-trusted_root.json", true, "", 1},
  }));
  CAPTURE(name);
  const bool is_case = root.empty();
  const ReferenceBundle bundle = bundle_of(is_case ? name + "/bundle.sigstore.json" : name);
  const Root trusted = trusted_root(is_case ? name + "/trusted_root.json" : root);
  Verdict verdict;
  verdict.times = verify_timestamps(bundle.timestamps, bundle.signature,
                                    trusted.timestamp_authorities, needed, verdict.checks);
  CHECK(verdict.told() == told);
  CHECK(verdict.times.size() == count);
}
