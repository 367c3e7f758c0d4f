#include "provenance/sigstore/trusted_root.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// A root is read or refused, with the same words twice; what is read has a key or a chain.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = test::input(data, size);
  Checks checks, again;
  const auto root = parse_trusted_root(input, checks);
  const auto second = parse_trusted_root(input, again);
  test::require(checks == again && root.has_value() == second.has_value(), "two readings agree");
  test::require(root.has_value() != checks.has(Outcome::failed), "a refusal has a reason");
  if (!root) return 0;
  for (const auto* logs : {&root->tlogs, &root->ctlogs}) {
    for (const LogKey& log : *logs) {
      test::require(!log.id.empty() || !log.checkpoint_id.empty(), "a log has an id");
    }
  }
  for (const auto* all : {&root->certificate_authorities, &root->timestamp_authorities}) {
    for (const Authority& authority : *all) {
      test::require(!authority.chain.empty(), "an authority has certificates");
    }
  }
  return 0;
}
