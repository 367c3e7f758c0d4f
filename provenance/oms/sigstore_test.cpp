#include <catch2/catch.hpp>

#include "core/text.h"
#include "provenance/oms/test_models.h"
#include "provenance/roots/public_good.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;
using namespace assay::provenance::oms::test;

namespace fs = std::filesystem;

namespace {

const fs::path kReference = fs::path(ASSAY_SOURCE_DIR) / "../shared/provenance/oms/reference";
const IdentityPolicy kSigner{"stefanb@us.ibm.com", "https://sigstore.verify.ibm.com/oauth2"};

const TrustedRoot& public_good() {
  static const TrustedRoot kRoot = [] {
    Checks checks;
    return parse_trusted_root(public_good_root(), checks).value();
  }();
  return kRoot;
}

OmsVerification trust() {
  OmsVerification how{.root = &public_good(), .identity = kSigner};
  how.exclusions.signature_path = "model.sig";
  return how;
}

bool have_samples() {
  if (fs::exists(kReference)) return true;
  WARN("the signatures of other implementations are not here");
  return false;
}

struct Case {
  fs::path folder;
  std::string signature;
  Contents model;
};

Case case_of(const std::string& version) {
  const fs::path folder = kReference / (version + "-sigstore");
  return {folder, read_file(folder / "model.sig"), contents_of(folder)};
}

}  // namespace

TEST_CASE("signatures by identity of the reference implementation hold") {
  if (!have_samples()) return;
  const std::string version = GENERATE("v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0");
  CAPTURE(version);
  auto [folder, signature, model] = case_of(version);
  OmsVerification how = trust();
  if (version == "v1.0.1") {
    CHECK(verdict(verify(signature, model, how)) == "rejected model.extra");
    how.exclusions.ignore_paths = {"ignore-me"};
  }
  const Evidence evidence = verify(signature, model, how);
  CHECK(verdict(evidence) == "verified");
  CHECK(evidence.method == "sigstore");
  REQUIRE(evidence.signer.has_value());
  CHECK(evidence.signer->identity == kSigner.identity);
  CHECK_FALSE(evidence.times.empty());

  how.identity.reset();
  CHECK(verify(signature, model, how).state() == "signed");
  how.root = nullptr;
  CHECK(verify(signature, model, how).state() == "unchecked");
}

TEST_CASE("a model by another identity, another issuer, or another method is rejected") {
  if (!have_samples()) return;
  const auto [folder, signature, model] = case_of("v1.1.0");
  OmsVerification how = trust();
  how.identity->identity += "x";
  CHECK(verdict(verify(signature, model, how)) == "rejected policy.identity");
  how = trust();
  how.identity->issuer.pop_back();
  CHECK(verdict(verify(signature, model, how)) == "rejected policy.issuer");
  how = trust();
  how.identity.reset();
  how.anchors = {ByteString(16)};
  CHECK(verdict(verify(signature, model, how)) == "rejected bundle.material");

  const fs::path keyed = kReference / "v1.1.0-elliptic-key";
  CHECK(verdict(verify(read_file(keyed / "model.sig"), contents_of(keyed), trust())) ==
        "rejected bundle.material");
}

TEST_CASE("a model that an identity signed is rejected when it is changed in any way") {
  if (!have_samples()) return;
  const auto [folder, signature, good] = case_of("v1.1.0");
  Contents model = good;
  model["signme-1"][0] ^= 1;
  CHECK(verdict(verify(signature, model, trust())) == "rejected model.changed");
  model = good;
  model.erase("signme-2");
  CHECK(verdict(verify(signature, model, trust())) == "rejected model.missing");
  model = good;
  model["signme-3"] = "";
  CHECK(verdict(verify(signature, model, trust())) == "rejected model.extra");
}
