#include "scanner/analyzer.h"
#include "scanner/artifact_assembler.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

namespace {

Artifact analyzed(ByteSource& source) {
  Limits limits = test::fuzz_limits();
  limits.expanded_bytes = 64 << 20;
  limits.members = 1000;
  Budget budget(limits);
  ArtifactAssembler assembler;
  Analyzer(budget, nullptr, {}, assembler).analyze({.name = "input"}, source);
  test::require(budget.depth() == 0, "every level that was entered is left");
  test::require(assembler.is_complete() && assembler.is_consistent(), "artifacts are told whole");
  return assembler.take();
}

void require_sound(const Artifact& artifact) {
  for (const Fact& fact : artifact.facts) {
    test::require(test::lies_inside(fact.offset, fact.size, artifact.size),
                  artifact.path + ": facts lie inside: " + test::told(fact));
  }
  for (const Gap& gap : artifact.gaps) {
    test::require(gap.path != artifact.path || gap.offset <= artifact.size,
                  artifact.path + ": gaps begin inside: " + gap.message);
  }
  for (const Artifact& member : artifact.members) require_sound(member);
}

void require_same(const Artifact& a, const Artifact& b) {
  const bool same = a.facts == b.facts && a.gaps == b.gaps && a.formats == b.formats &&
                    a.sha256 == b.sha256 && a.members.size() == b.members.size();
  test::require(same, a.path + ": read by ranges the same is found");
  for (std::size_t i = 0; i < a.members.size(); ++i) require_same(a.members[i], b.members[i]);
}

}  // namespace

// Whatever the bytes are: they are of some format or a gap says why not, all
// facts lie inside what they are about, and a second look, by ranges, sees the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = test::input(data, size);
  MemorySource source(bytes);
  test::RangeSource ranges(bytes, 61 + size % 5 * 1000);
  const Artifact first = analyzed(source);
  test::require(!first.formats.empty() || !first.gaps.empty(), "nothing is passed over in silence");
  require_sound(first);
  require_same(first, analyzed(ranges));
  return 0;
}
