#include "core/text.h"
#include "provenance/oms/path.h"
#include "provenance/oms/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::oms;

namespace {

// A payload that is accepted names every file once and below the model.
void check_payload(Bytes input) {
  for (const bool old_layout : {false, true}) {
    Checks checks, again;
    const auto manifest = parse_manifest(input, old_layout, checks);
    parse_manifest(input, old_layout, again);
    test::require(checks == again, "two readings agree");
    test::require(manifest || checks.has(Outcome::failed), "a refusal has a reason");
    if (!manifest || checks.has(Outcome::failed)) continue;
    for (const Resource& resource : manifest->resources) {
      test::require(resource.path == kSingleFile || is_inner_path(resource.path),
                    "files lie below the model");
      test::require(resource.digest.size() == digest_size(manifest->plan.hash), "a whole digest");
    }
    const auto coverage = compare(*manifest, {}, {}, checks);
    test::require(std::ranges::is_sorted(coverage, {}, &Coverage::path), "sorted by path");
    test::require(checks.has(Outcome::failed), "files that are not there are missing");
  }
}

}  // namespace

// The input as a signature, and as what is signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  check_payload(input);
  const OmsVerification how{.compatibility = true};
  const Evidence evidence = verify_oms(input, {}, how);
  test::require(evidence == verify_oms(input, {}, how), "two verifications agree");
  test::require(evidence.state() == "rejected", "a model without files has no signature");
  return 0;
}
