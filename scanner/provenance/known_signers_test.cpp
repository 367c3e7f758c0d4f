#include "scanner/provenance/known_signers.h"

#include <catch2/catch.hpp>

using namespace assay;
using provenance::Evidence;

namespace {

Evidence signed_by(std::string method, provenance::Signer signer) {
  Evidence evidence{.kind = "oms", .method = std::move(method)};
  evidence.checks.pass("signature");
  evidence.signer = std::move(signer);
  return evidence;
}

const KnownSigners kKnown{.identities = {{"me@x.test", "https://issuer.test"}},
                          .fingerprints = {std::string(64, 'a')}};

std::string_view state_after(Evidence evidence) {
  check_signer(evidence, kKnown);
  return evidence.state();
}

}  // namespace

TEST_CASE("an identity counts only where Sigstore's authorities vouch for it") {
  const provenance::Signer me{.identity = "me@x.test", .issuer = "https://issuer.test"};
  CHECK(state_after(signed_by("sigstore", me)) == "verified");
  // A certificate without an anchor has any name its maker liked.
  CHECK(state_after(signed_by("certificate", me)) == "signed");
  CHECK(state_after(signed_by("ssh", me)) == "signed");
  provenance::Signer other = me;
  other.issuer = "https://issuer.test/";
  CHECK(state_after(signed_by("sigstore", other)) == "signed");
  CHECK(state_after(signed_by("sigstore", {.identity = "me@x.test"})) == "signed");
}

TEST_CASE("a key counts by its fingerprint, whatever it was used for") {
  const provenance::Signer key{.fingerprint = std::string(64, 'a')};
  CHECK(state_after(signed_by("key", key)) == "verified");
  CHECK(state_after(signed_by("certificate", key)) == "verified");
  CHECK(state_after(signed_by("key", {.fingerprint = std::string(64, 'b')})) == "signed");
  CHECK(state_after(signed_by("key", {})) == "signed");
}

TEST_CASE("what does not hold is of nobody") {
  Evidence broken = signed_by("key", {.fingerprint = std::string(64, 'a')});
  broken.checks.fail("signature", "does not hold");
  CHECK(state_after(broken) == "rejected");
  Evidence open = signed_by("key", {.fingerprint = std::string(64, 'a')});
  open.checks.cannot("tlog.set", "no root");
  CHECK(state_after(open) == "unchecked");
}
