#include "provenance/intoto/document.h"
#include "provenance/intoto/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// Without a key and a root nothing is ever verified, every attestation leaves evidence
// that says why, only given files are spoken of, and two runs agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const std::vector<NamedArtifact> files{
      {.path = "a.bin", .digests = {{}, as_bytes("hello")}, .git_commit = {}},
      {.path = "sub/b.bin", .digests = {{}, as_bytes("other")}, .git_commit = "00"}};
  const auto run = [&] { return intoto::verify_attestations(input, files, {}); };
  const auto list = run();
  test::require(!list.empty() && list.size() <= intoto::kMaxAttestations + 1, "bounded, not none");
  test::require(list == run(), "two runs agree");
  for (const Evidence& evidence : list) {
    test::require(evidence.state() == "rejected" || evidence.state() == "unchecked",
                  "nobody is trusted, so nothing is verified");
    test::require(evidence.coverage.size() <= files.size(), "files are spoken of once");
  }
  intoto::digests_needed(input);
  return 0;
}
