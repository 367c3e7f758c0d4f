#include "provenance/crypto/sct.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// The timestamps lie in the list, one behind the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  const auto scts = parse_scts(input);
  if (!scts) {
    test::require(scts.error().offset <= size, "the error lies inside");
    return 0;
  }
  const std::byte* end = input.data();
  for (const SignedCertificateTimestamp& sct : *scts) {
    test::require(sct.log_id.size() == 32, "the id of a log has 32 bytes");
    test::require(sct.log_id.data() >= end, "timestamps follow each other");
    test::require(sct.signature.data() >= sct.extensions.data() + sct.extensions.size(),
                  "the signature is behind the extensions");
    end = sct.signature.data() + sct.signature.size();
  }
  test::require(end <= input.data() + size, "timestamps lie inside");
  return 0;
}
