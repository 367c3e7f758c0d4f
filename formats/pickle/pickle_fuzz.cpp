#include "formats/pickle/pickle.h"
#include "tests/support/fuzz_properties.h"

namespace {

class ListingContext final : public assay::test::RecordingContext {
 public:
  using RecordingContext::RecordingContext;
  std::optional<std::uint64_t> list_from() const override { return 0; }
};

// A listing tells opcodes in the order of the stream, and nothing else changes.
void check_listing(assay::MemorySource& source, const assay::test::RecordingContext& scanned) {
  assay::Limits limits = assay::test::fuzz_limits();
  limits.facts *= 2;
  assay::Budget budget(limits);
  ListingContext listed(source, "", budget);
  (void)assay::pickle::format.parse(listed);
  std::uint64_t end = 0;
  for (const assay::Fact& fact : listed.facts) {
    if (!std::holds_alternative<assay::Instruction>(fact.value)) continue;
    assay::test::require(fact.offset >= end && fact.size > 0, "opcodes follow one another");
    end = fact.offset + fact.size;
  }
  assay::test::require(end <= source.size(), "opcodes lie inside");
  std::erase_if(listed.facts, [](const assay::Fact& fact) {
    return std::holds_alternative<assay::Instruction>(fact.value);
  });
  assay::test::require(listed.facts == scanned.facts, "listing changes no other fact");
}

}  // namespace

// Rows of pickles, joblib arrays between their opcodes, legacy torch files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::MemorySource source(assay::test::input(data, size));
  const auto scanned = assay::test::check_format(assay::pickle::format, source);
  check_listing(source, scanned->context);
  return 0;
}
