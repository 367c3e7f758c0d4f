#include "provenance/cms/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// Two verifications agree, and nobody who was not asked for is verified.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const cms::CmsVerification how{.digests = {{HashKind::sha256, digest_of(HashKind::sha256, {})}}};
  const Evidence evidence = cms::verify_cms(input, how);
  test::require(evidence == cms::verify_cms(input, how), "two verifications agree");
  test::require(evidence.state() != "verified", "nobody was asked for");
  static_cast<void>(cms::hashes_of(input));
  static_cast<void>(cms::is_cms(input));
  return 0;
}
