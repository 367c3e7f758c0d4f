#include "provenance/foreign/recognise.h"
#include "provenance/sshsig/verify.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// What is recognised is never more than unchecked and what it tells is bounded; a file
// signed with a key that nobody allowed is never verified; two runs agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  if (const auto found = foreign::recognise(input)) {
    const Evidence evidence = foreign::present_and_unchecked(*found);
    test::require(evidence.state() == "unchecked", "what is not verified is unchecked");
    test::require(evidence == foreign::present_and_unchecked(*foreign::recognise(input)),
                  "two runs agree");
    for (const auto& [name, value] : evidence.properties) {
      test::require(value.size() <= 1100, "what is told is bounded: " + name);
    }
  }
  const NamedArtifact file{.path = "f", .digests = {{}, as_bytes("hello")}, .git_commit = {}};
  const Evidence evidence = sshsig::verify_file(input, file, {});
  test::require(evidence.state() != "verified" && evidence.state() != "matches",
                "nobody is believed");
  return 0;
}
