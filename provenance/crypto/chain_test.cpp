#include "provenance/crypto/chain.h"

#include <catch2/catch.hpp>

#include "provenance/crypto/certificate_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

namespace {

using Helpers = std::vector<Certificate>;

struct Verdict {
  std::optional<Certificate> issuer;
  Checks checks;
  // The classes that failed, in order, one after the other.
  std::string failures() const {
    std::string names;
    for (const Check& check : checks.list()) {
      if (check.outcome == Outcome::failed) names += (names.empty() ? "" : " ") + check.name;
    }
    return names;
  }
};

Verdict verify(const Made& leaf, const Helpers& helpers, const Authority& authority,
               std::int64_t seconds = kNow, LeafUse use = LeafUse::code_signing) {
  Verdict verdict;
  verdict.issuer =
      verify_chain(leaf.certificate(), helpers, {&authority, 1}, seconds, use, verdict.checks);
  return verdict;
}

// What fails of a leaf right below a trusted root.
std::string failures_of(Wanted wanted, LeafUse use = LeafUse::code_signing) {
  static const Made root = make_root();
  return verify(issue(&root, std::move(wanted)), {}, authority_of({root}), kNow, use).failures();
}

Wanted leaf_with(std::vector<std::pair<std::string, std::string>> extensions,
                 const std::string& subject = "") {
  return {.subject = subject, .extensions = std::move(extensions)};
}

const std::pair<std::string, std::string> kKu{"keyUsage", "critical,digitalSignature"};
const std::pair<std::string, std::string> kEku{"extendedKeyUsage", "codeSigning"};
const std::pair<std::string, std::string> kSan{"subjectAltName", "critical,email:a@b.test"};

}  // namespace

TEST_CASE("a leaf holds below the authority's chain, and its issuer is told") {
  const Made root = make_root();
  const Made middle = make_intermediate(root);
  const Made leaf = issue(&middle, fulcio_leaf());
  const Verdict good = verify(leaf, {}, authority_of({middle, root}));
  CHECK(good.failures().empty());
  REQUIRE(good.issuer.has_value());
  CHECK(good.issuer->der() == middle.der());
  // The intermediate may come with the signature as well.
  CHECK(verify(leaf, {middle.certificate()}, authority_of({root})).failures().empty());
  CHECK(verify(leaf, {}, authority_of({root})).failures() == "cert.chain");
}

TEST_CASE("an authority need not be a root") {
  const Made root = make_root();
  const Made middle = make_intermediate(root);
  CHECK(verify(issue(&middle, fulcio_leaf()), {}, authority_of({middle})).failures().empty());
}

TEST_CASE("a root that comes with the signature is never believed") {
  const Made stranger = make_root("root");
  const Made root = make_root("root");
  const Made leaf = issue(&stranger, fulcio_leaf());
  const Verdict verdict = verify(leaf, {stranger.certificate()}, authority_of({root}));
  CHECK(verdict.failures() == "cert.chain");
  CHECK_FALSE(verdict.issuer.has_value());
  CHECK(verdict.checks.has(Outcome::warned));
  // Nor is the trusted one needed among them.
  const Verdict good =
      verify(issue(&root, fulcio_leaf()), {root.certificate()}, authority_of({root}));
  CHECK(good.failures().empty());
  CHECK(good.checks.first(Outcome::warned)->name == "cert.chain");
}

TEST_CASE("both ends of a validity are inside") {
  const Made root = make_root();
  Wanted wanted = fulcio_leaf();
  wanted.from = kStart + 10;
  wanted.to = kStart + 20;
  const Made leaf = issue(&root, wanted);
  const Authority authority = authority_of({root});
  CHECK(verify(leaf, {}, authority, kStart + 9).failures() == "cert.time");
  CHECK(verify(leaf, {}, authority, kStart + 10).failures().empty());
  CHECK(verify(leaf, {}, authority, kStart + 20).failures().empty());
  CHECK(verify(leaf, {}, authority, kStart + 21).failures() == "cert.time");
  // The path was found all the same.
  CHECK(verify(leaf, {}, authority, kStart + 21).issuer.has_value());
}

TEST_CASE("an expired issuer and an authority out of its time are cert.time") {
  const Made root = make_root();
  const Made old = issue(&root, {.subject = "old",
                                 .to = kNow - 1,
                                 .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                {"keyUsage", "critical,keyCertSign"}}});
  CHECK(verify(issue(&old, fulcio_leaf()), {}, authority_of({old, root})).failures() ==
        "cert.time");
  Authority ended = authority_of({root});
  ended.valid_for.end = Moment{kNow - 1, 999'000'000};
  const Made leaf = issue(&root, fulcio_leaf());
  CHECK(verify(leaf, {}, ended).failures() == "cert.time");
  ended.valid_for.end = Moment{kNow, 0};
  CHECK(verify(leaf, {}, ended).failures().empty());
}

TEST_CASE("no path and a wrong time are both told") {
  const Made root = make_root();
  const Made leaf = issue(&root, fulcio_leaf());
  CHECK(verify(leaf, {}, authority_of({make_root("other")}), kEnd + 1).failures() ==
        "cert.chain cert.time");
}

TEST_CASE("of several authorities the one that holds counts") {
  const Made root = make_root();
  const Made leaf = issue(&root, fulcio_leaf());
  Authority ended = authority_of({root});
  ended.valid_for.end = Moment{kStart, 0};
  const std::vector<Authority> all{authority_of({make_root("x")}), ended, authority_of({root})};
  Checks checks;
  CHECK(verify_chain(leaf.certificate(), {}, all, kNow, LeafUse::code_signing, checks));
  CHECK_FALSE(checks.has(Outcome::failed));
  checks = {};
  CHECK(verify_chain(leaf.certificate(), {}, std::span(all).first(2), kNow, LeafUse::code_signing,
                     checks));
  CHECK(checks.first_failure()->name == "cert.time");
  checks = {};
  CHECK_FALSE(verify_chain(leaf.certificate(), {}, {}, kNow, LeafUse::code_signing, checks));
  CHECK(checks.first_failure()->name == "cert.chain");
}

TEST_CASE("a changed signature is cert.chain") {
  const Made root = make_root();
  ByteString der = issue(&root, fulcio_leaf()).der();
  der.back() ^= std::byte{1};
  Checks checks;
  const Authority authority = authority_of({root});
  const auto leaf = Certificate::from_der(der);
  REQUIRE(leaf.has_value());
  verify_chain(*leaf, {}, {&authority, 1}, kNow, LeafUse::code_signing, checks);
  CHECK(checks.first_failure()->name == "cert.chain");
}

TEST_CASE("what a Fulcio leaf must be good for") {
  CHECK(failures_of(leaf_with({kKu, kEku, kSan})).empty());
  CHECK(failures_of(leaf_with({kEku, kSan})) == "cert.usage");
  CHECK(failures_of(leaf_with({{"keyUsage", "critical,keyAgreement"}, kEku, kSan})) ==
        "cert.usage");
  CHECK(failures_of(leaf_with({kKu, kSan})) == "cert.usage");
  CHECK(failures_of(leaf_with({kKu, {"extendedKeyUsage", "serverAuth"}, kSan})) == "cert.usage");
  CHECK(failures_of(leaf_with({kKu, kEku})) == "cert.usage");
  CHECK(failures_of(leaf_with({kKu, kEku, kSan, {"basicConstraints", "critical,CA:TRUE"}})) ==
        "cert.usage");
  CHECK(failures_of(leaf_with({kKu, kEku, {"subjectAltName", "critical,DNS:a.test"}})) ==
        "cert.usage");
}

TEST_CASE("a leaf names one identity, critically where the subject is empty") {
  CHECK(failures_of(fulcio_leaf("critical,email:a@b.test,email:c@d.test")) == "cert.usage");
  CHECK(failures_of(fulcio_leaf("critical,email:a@b.test,DNS:d.test")) == "cert.usage");
  CHECK(failures_of(fulcio_leaf("email:a@b.test")) == "cert.usage");
  CHECK(
      failures_of(leaf_with({kKu, kEku, {"subjectAltName", "email:a@b.test"}}, "someone")).empty());
}

TEST_CASE("for OMS digital signatures or code signing is enough") {
  const LeafUse use = LeafUse::signing;
  CHECK(failures_of(leaf_with({kKu}, "x"), use).empty());
  CHECK(failures_of(leaf_with({kEku}, "x"), use).empty());
  CHECK(failures_of(leaf_with({kKu, {"basicConstraints", "critical,CA:TRUE"}}, "x"), use).empty());
  CHECK(failures_of(leaf_with({}, "x"), use) == "cert.usage");
  CHECK(failures_of(leaf_with({{"keyUsage", "keyAgreement"}}, "x"), use) == "cert.usage");
}

TEST_CASE("what may not issue does not lead to the authority") {
  const Made root = make_root();
  const Made leaf = issue(&root, fulcio_leaf());
  const Made below = issue(&leaf, fulcio_leaf());
  CHECK(verify(below, {leaf.certificate()}, authority_of({root})).failures() == "cert.chain");

  const Made narrow = make_intermediate(root, "narrow", "critical,CA:TRUE,pathlen:0");
  const Made deeper = make_intermediate(narrow, "deeper");
  CHECK(
      verify(issue(&deeper, fulcio_leaf()), {}, authority_of({deeper, narrow, root})).failures() ==
      "cert.chain");

  const Made casual = make_intermediate(root, "casual", "CA:TRUE");
  CHECK(verify(issue(&casual, fulcio_leaf()), {}, authority_of({casual, root})).failures() ==
        "cert.chain");
}

TEST_CASE("an anchor of another profile does not issue for code signing") {
  const auto below = [](std::vector<std::pair<std::string, std::string>> extensions, LeafUse use) {
    const Made root = issue(nullptr, {.subject = "root", .extensions = std::move(extensions)});
    return verify(issue(&root, fulcio_leaf()), {}, authority_of({root}), kNow, use).failures();
  };
  const std::pair<std::string, std::string> ca{"basicConstraints", "critical,CA:TRUE"};
  const std::pair<std::string, std::string> sign{"keyUsage", "keyCertSign"};
  CHECK(below({ca, sign}, LeafUse::code_signing).empty());
  CHECK(below({{"basicConstraints", "CA:TRUE"}, sign}, LeafUse::code_signing) == "cert.chain");
  CHECK(below({ca}, LeafUse::code_signing) == "cert.chain");
  CHECK(below({ca}, LeafUse::signing).empty());
  CHECK(below({ca, {"keyUsage", "digitalSignature"}}, LeafUse::signing) == "cert.chain");
}

TEST_CASE("name constraints and unknown critical extensions are kept to") {
  const Made root = make_root();
  const auto below = [&](std::pair<std::string, std::string> extension) {
    const Made middle = issue(&root, {.subject = "middle",
                                      .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                     {"keyUsage", "critical,keyCertSign"},
                                                     std::move(extension)}});
    return verify(issue(&middle, fulcio_leaf("critical,email:a@b.test")), {},
                  authority_of({middle, root}))
        .failures();
  };
  CHECK(below({"nameConstraints", "critical,permitted;email:b.test"}).empty());
  CHECK(below({"nameConstraints", "critical,permitted;email:c.test"}) == "cert.chain");
  CHECK(below({"nameConstraints", "critical,excluded;email:b.test"}) == "cert.chain");
  CHECK(below({"extendedKeyUsage", "serverAuth"}) == "cert.chain");
  CHECK(below({"1.2.3.4", "critical,DER:05:00"}) == "cert.chain");
}

TEST_CASE("SHA-1 and short keys do not hold") {
  Wanted sha1 = fulcio_leaf();
  sha1.hash = "SHA1";
  CHECK(failures_of(sha1) == "cert.chain");
  Wanted weak = fulcio_leaf();
  weak.key = rsa_key(1024);
  CHECK(failures_of(weak) == "cert.chain");
  Wanted strong = fulcio_leaf();
  strong.key = rsa_key(2048);
  CHECK(failures_of(strong).empty());
}

TEST_CASE("certificates that signed each other in a ring lead nowhere, and end") {
  const SharedKey key_a = ec_key();
  const SharedKey key_b = ec_key();
  const auto ca = [](const std::string& name, const SharedKey& key) {
    return Wanted{.subject = name,
                  .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                 {"keyUsage", "critical,keyCertSign"}},
                  .key = key};
  };
  const Made a = issue(nullptr, ca("a", key_a));
  const Made b = issue(nullptr, ca("b", key_b));
  const Made a_by_b = issue(&b, ca("a", key_a));
  const Made b_by_a = issue(&a, ca("b", key_b));
  const Made leaf = issue(&a, fulcio_leaf());
  Helpers helpers;
  for (int i = 0; i < 16; ++i) {
    helpers.push_back(a_by_b.certificate());
    helpers.push_back(b_by_a.certificate());
  }
  CHECK(verify(leaf, helpers, authority_of({make_root()})).failures() == "cert.chain");
  CHECK(verify(leaf, helpers, authority_of({b})).failures().empty());
  helpers.push_back(a_by_b.certificate());
  CHECK(verify(leaf, helpers, authority_of({b})).failures() == "cert.chain");
}

TEST_CASE("a certificate for signing precertificates is not the issuer") {
  const Made root = make_root();
  const Made pre = issue(&root, {.subject = "pre",
                                 .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                {"keyUsage", "critical,keyCertSign"},
                                                {"extendedKeyUsage", "1.3.6.1.4.1.11129.2.4.4"}}});
  const Verdict verdict = verify(issue(&pre, fulcio_leaf()), {}, authority_of({pre, root}));
  CHECK(verdict.failures().empty());
  REQUIRE(verdict.issuer.has_value());
  CHECK(verdict.issuer->der() == root.der());
}
