#include "provenance/crypto/certificate.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "provenance/crypto/certificate_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

std::string pem_of(const ByteString& der, const std::string& label = "CERTIFICATE") {
  std::string text = "-----BEGIN " + label + "-----\n";
  const std::string base64 = to_base64(der);
  for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + "\n";
  return text + "-----END " + label + "-----\n";
}

Wanted with(Wanted wanted, std::string name, std::string value) {
  wanted.extensions.emplace_back(std::move(name), std::move(value));
  return wanted;
}

}  // namespace

TEST_CASE("a certificate is nothing but its DER") {
  const ByteString der = make_root().der();
  REQUIRE(Certificate::from_der(der).has_value());
  CHECK(Certificate::from_der(der)->der() == der);

  ByteString longer = der;
  longer.push_back(std::byte{0});
  CHECK_FALSE(Certificate::from_der(longer).has_value());
  CHECK_FALSE(Certificate::from_der(Bytes(der).first(der.size() - 1)).has_value());
  CHECK_FALSE(Certificate::from_der({}).has_value());
  const ByteString huge(10U << 20, std::byte{0x30});
  CHECK(Certificate::from_der(huge).error().code == ParseErrc::over_budget);
}

TEST_CASE("an outer length that is longer than needed is not DER") {
  ByteString der = make_root().der();
  REQUIRE(der[1] == std::byte{0x82});
  der[1] = std::byte{0x83};
  der.insert(der.begin() + 2, std::byte{0});
  const auto certificate = Certificate::from_der(der);
  REQUIRE_FALSE(certificate.has_value());
  CHECK(certificate.error().code == ParseErrc::malformed);
}

TEST_CASE("an extension that is there twice makes the certificate malformed") {
  const Made root = make_root();
  const Wanted twice =
      with(fulcio_leaf(), "1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://other.test");
  const auto certificate = Certificate::from_der(issue(&root, twice).der());
  REQUIRE_FALSE(certificate.has_value());
  CHECK(certificate.error().code == ParseErrc::malformed);
}

TEST_CASE("PEM gives every certificate and steps over other blocks") {
  const ByteString one = make_root("one").der();
  const ByteString two = make_root("two").der();
  const std::string text = "a comment\n" + pem_of(one) + pem_of(one, "PRIVATE KEY") + pem_of(two);
  const auto found = Certificate::from_pem(as_bytes(text));
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].der() == one);
  CHECK((*found)[1].der() == two);

  CHECK_FALSE(Certificate::from_pem(as_bytes(pem_of(one, "PRIVATE KEY"))).has_value());
  CHECK_FALSE(Certificate::from_pem(as_bytes(pem_of(ByteString(3)))).has_value());
  CHECK_FALSE(Certificate::from_pem({}).has_value());
}

TEST_CASE("validity is told in seconds, beyond 2050 too") {
  const Made made = issue(nullptr, {.from = -86400, .to = 4'102'444'800});
  const Certificate certificate = made.certificate();
  CHECK(certificate.not_before() == -86400);
  CHECK(certificate.not_after() == 4'102'444'800);
}

TEST_CASE("the signer is the subject alternative name") {
  const Made root = make_root();
  const auto signer = [&](const std::string& names) {
    return signer_of(issue(&root, fulcio_leaf(names)).certificate());
  };
  CHECK(signer("critical,URI:https://a.test/x").identity == "https://a.test/x");
  CHECK(signer("critical,email:a@b.test").identity == "a@b.test");
  CHECK(signer("otherName:1.3.6.1.4.1.57264.1.7;UTF8:foo!oidc.local").identity == "foo!oidc.local");
  CHECK(signer("otherName:1.3.6.1.4.1.57264.1.9;UTF8:foo").identity.empty());
  CHECK(signer("DNS:a.test").identity.empty());
}

TEST_CASE("the fingerprint is that of the key") {
  const Certificate certificate = make_root().certificate();
  CHECK(signer_of(certificate).fingerprint == certificate.public_key().value().fingerprint());
}

TEST_CASE("the issuer in its new form goes before the old one") {
  const Made root = make_root();
  const auto issuer = [&](std::vector<std::pair<std::string, std::string>> extensions) {
    return signer_of(issue(&root, {.extensions = std::move(extensions)}).certificate()).issuer;
  };
  const std::pair<std::string, std::string> old{"1.3.6.1.4.1.57264.1.1", "DER:68:69"};
  CHECK(issuer({old}) == "hi");
  CHECK(issuer({old, {"1.3.6.1.4.1.57264.1.8", "ASN1:UTF8String:https://new.test"}}) ==
        "https://new.test");
  // Not a UTF8String, and bytes behind one.
  CHECK(issuer({old, {"1.3.6.1.4.1.57264.1.8", "DER:68:69"}}).empty());
  CHECK(issuer({old, {"1.3.6.1.4.1.57264.1.8", "DER:0c:01:68:69"}}).empty());
}

TEST_CASE("claims go by Fulcio's names") {
  const Made root = make_root();
  Wanted wanted = with(fulcio_leaf(), "1.3.6.1.4.1.57264.1.12", "ASN1:UTF8String:https://r.test");
  wanted = with(wanted, "1.3.6.1.4.1.57264.1.6", "DER:72:65:66");
  const Signer signer = signer_of(issue(&root, wanted).certificate());
  using Claims = std::vector<std::pair<std::string, std::string>>;
  CHECK(signer.claims ==
        Claims{{"github_workflow_ref", "ref"}, {"source_repository_uri", "https://r.test"}});
}
