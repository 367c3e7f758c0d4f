#include "provenance/roots/public_good.h"
#include "provenance/sigstore/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

namespace {

const TrustedRoot& root() {
  static const TrustedRoot kRoot = [] {
    Checks checks;
    return parse_trusted_root(public_good_root(), checks).value();
  }();
  return kRoot;
}

}  // namespace

// Two verifications agree, and whom nobody asked for is never verified.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const BundleVerification how{.root = &root(), .identity = {}, .key = {}, .artifact = {}};
  const Evidence evidence = verify_bundle(input, how);
  test::require(evidence == verify_bundle(input, how), "two verifications agree");
  test::require(evidence.state() != "verified", "nobody was asked for");
  const BundleVerification nobody{.identity = {}, .key = {}, .artifact = {}};
  test::require(verify_bundle(input, nobody).state() == "rejected" ||
                    verify_bundle(input, nobody).state() == "unchecked",
                "without a root nothing holds");
  return 0;
}
