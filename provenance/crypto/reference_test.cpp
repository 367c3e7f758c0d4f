#include <catch2/catch.hpp>

#include "provenance/crypto/chain.h"
#include "provenance/crypto/test_reference.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

constexpr std::string_view kPublicGood = "trust-roots/public-good-trusted_root.json";
constexpr std::string_view kStaging = "trust-roots/staging-trusted_root.json";

Certificate pem(const std::string& name) {
  return Certificate::from_pem(as_bytes(read_shared(name))).value().front();
}

Authority anchor(const Certificate& certificate) {
  return {.uri = "given", .chain = {certificate.der()}, .valid_for = {}};
}

// The classes that failed, in order.
std::string failures(const Checks& checks) {
  std::string names;
  for (const Check& check : checks.list()) {
    if (check.outcome == Outcome::failed) names += (names.empty() ? "" : " ") + check.name;
  }
  return names;
}

}  // namespace

#define SKIP_WITHOUT_MATERIAL()                           \
  if (!has_shared_material()) {                           \
    WARN("no reference material beside the source tree"); \
    return;                                               \
  }                                                       \
  static_assert(true)

TEST_CASE("the leaves of Sigstore's bundles lead to their roots at the time of their log") {
  SKIP_WITHOUT_MATERIAL();
  const auto [name, root, told] = GENERATE(table<std::string, std::string_view, std::string>({
      {"conformance/happy-path-v0.1", kPublicGood, ""},
      {"conformance/happy-path-intoto-in-dsse-v3", kPublicGood, ""},
      {"conformance/intoto-with-custom-trust-root", "", ""},
      {"conformance/intoto-expired-certificate_fail", "", "cert.time"},
      {"conformance/intoto-set-outside-signing-cert-validity_fail", "", "cert.time"},
      {"conformance/bundle-from-wrong-instance_fail", kPublicGood, "cert.chain"},
      {"bundles/sigstore-python/bundle.txt.sigstore", kStaging, ""},
      {"bundles/sigstore-python/bundle_v3_github.whl.sigstore", kPublicGood, ""},
      {"bundles/sigstore-python/Python-3.12.5.tgz.sigstore", kPublicGood, ""},
      {"bundles/sigstore-go/sigstore.js@2.0.0-provenance.sigstore.json", kPublicGood, ""},
      {"bundles/sigstore-go/bundle-provenance.json", kPublicGood, ""},
      {"bundles/sigstore-go/dsse.sigstore.json", kPublicGood, ""},
  }));
  CAPTURE(name);
  const bool is_case = name.starts_with("conformance");
  const ReferenceBundle bundle = bundle_of(is_case ? name + "/bundle.sigstore.json" : name);
  const Root trusted = trusted_root(root.empty() ? name + "/trusted_root.json" : std::string(root));
  Checks checks;
  const auto issuer =
      verify_chain(bundle.certificates.front(), std::span(bundle.certificates).subspan(1),
                   trusted.authorities, bundle.integrated_time, LeafUse::code_signing, checks);
  CHECK(failures(checks) == told);
  CHECK(issuer.has_value() == (told != "cert.chain"));
}

TEST_CASE("a root certificate in a bundle is a warning") {
  SKIP_WITHOUT_MATERIAL();
  const ReferenceBundle bundle = bundle_of("bundles/sigstore-go/bundle-provenance.json");
  REQUIRE(bundle.certificates.size() == 3);
  Checks checks;
  verify_chain(bundle.certificates.front(), std::span(bundle.certificates).subspan(1),
               trusted_root(std::string(kPublicGood)).authorities, bundle.integrated_time,
               LeafUse::code_signing, checks);
  REQUIRE(checks.first(Outcome::warned) != nullptr);
  CHECK(checks.first(Outcome::warned)->name == "cert.chain");
}

TEST_CASE("the claims of a workflow's certificate are read") {
  SKIP_WITHOUT_MATERIAL();
  const Signer signer =
      signer_of(bundle_of("conformance/happy-path-v0.3/bundle.sigstore.json").certificates.front());
  CHECK(signer.identity ==
        "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/"
        "workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main");
  CHECK(signer.issuer == "https://token.actions.githubusercontent.com");
  CHECK(signer.claims.size() == 19);
  CHECK(signer_of(bundle_of("bundles/sigstore-go/othername.sigstore.json").certificates.front())
            .identity == "foo!oidc.local");
}

TEST_CASE("leaves of another profile are not good for code signing") {
  SKIP_WITHOUT_MATERIAL();
  for (const std::string name : {"bogus-leaf-invalid-eku", "bogus-leaf-invalid-ku",
                                 "bogus-leaf-missing-eku", "bogus-root", "bogus-intermediate"}) {
    CAPTURE(name);
    Checks checks;
    check_usage(pem("x509/" + name + ".pem"), LeafUse::code_signing, checks);
    CHECK(checks.first_failure()->name == "cert.usage");
  }
}

TEST_CASE("the reference's signing certificate leads to its root, which nothing else does") {
  SKIP_WITHOUT_MATERIAL();
  const std::string keys = "oms/reference/keys/";
  const Certificate leaf = pem(keys + "signing-key-cert.pem");
  const std::vector<Certificate> between{pem(keys + "int-ca-cert.pem")};
  const Authority root = anchor(pem(keys + "ca-cert.pem"));
  const auto told = [&](std::span<const Certificate> helpers, std::int64_t seconds, LeafUse use) {
    Checks checks;
    verify_chain(leaf, helpers, {&root, 1}, seconds, use, checks);
    return failures(checks);
  };
  const std::int64_t valid = leaf.not_before() + 1;
  CHECK(told(between, valid, LeafUse::signing).empty());
  CHECK(told({}, valid, LeafUse::signing) == "cert.chain");
  CHECK(told(between, leaf.not_after() + 1, LeafUse::signing).starts_with("cert.time"));
  CHECK(told(between, valid, LeafUse::code_signing).starts_with("cert.usage"));
}
