#include "core/text.h"
#include "provenance/intoto/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::intoto;

// Attestations lie in the document, two verifications agree, and nobody is believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const std::vector<AttestedFile> files{
      {"a", {{HashKind::sha256, digest_of(HashKind::sha256, as_bytes("alpha"))}}}};
  for (const Bytes attestation : split_attestations(input)) {
    test::require(attestation.data() >= input.data() &&
                      attestation.data() + attestation.size() <= input.data() + size,
                  "attestations lie inside");
    const Evidence evidence = verify_attestation(attestation, files, {});
    test::require(evidence == verify_attestation(attestation, files, {}),
                  "two verifications agree");
    test::require(evidence.state() != "verified", "nobody was asked for");
    test::require(evidence.coverage.size() <= 1, "there is one file");
    const auto statement = unverified_statement(attestation);
    if (statement) static_cast<void>(hashes_of(*statement));
  }
  return 0;
}
