#include "core/byte_reader.h"
#include "provenance/crypto/timestamp.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

namespace {

ByteString owned(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

// The input is an authority of one certificate (its size in two bytes before it) and
// a token over "message". Either a time comes or a failure, and twice the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader in(test::input(data, size));
  const ByteString certificate = owned(in.take(in.be<std::uint16_t>()));
  const std::vector<ByteString> tokens{owned(in.take(in.remaining()))};
  const Authority authority{.uri = "fuzzed", .chain = {certificate}, .valid_for = {}};
  const auto verify = [&](Checks& checks) {
    return verify_timestamps(tokens, as_bytes("message"), {&authority, 1}, true, checks);
  };
  Checks checks;
  const auto times = verify(checks);
  test::require(times.empty() == checks.has(Outcome::failed), "a time or a failure");
  Checks again;
  test::require(verify(again) == times && again.list() == checks.list(), "two runs agree");
  return 0;
}
