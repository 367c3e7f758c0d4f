#include "provenance/cms/signed_data.h"
#include "provenance/cms/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// With no anchor nobody is believed, either there is a signer or a reason why not, and two
// runs agree; signatures and digests stand in the input where it is DER.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const NamedArtifact file{.path = "f", .digests = {{}, as_bytes("hello")}, .git_commit = {}};
  const auto run = [&] { return cms::verify_cms(input, file, {}); };
  const Evidence evidence = run();
  test::require(evidence == run(), "two runs agree");
  test::require(evidence.state() != "verified", "nobody is believed");
  const auto signed_data = cms::parse_signed_data(input);
  test::require(
      signed_data.has_value() == (evidence.checks.list().front().outcome == Outcome::passed),
      "what does not parse says so");
  if (!signed_data) return 0;
  test::require(!signed_data->signers.empty(), "there is a signer");
  test::require(signed_data->signers.size() <= cms::kMaxSigners, "signers are bounded");
  cms::digests_needed(input);
  return 0;
}
