#include <cstdlib>

#include "scanner/analyzer.h"
#include "scanner/artifact_assembler.h"

namespace {

assay::Artifact analyzed(assay::Bytes bytes) {
  assay::MemorySource source(bytes);
  assay::Limits limits;
  limits.expanded_bytes = 64 << 20;
  limits.members = 1000;
  limits.nodes = 100'000;
  assay::Budget budget(limits);
  assay::ArtifactAssembler assembler;
  assay::Analyzer(budget, nullptr, {}, assembler).analyze({.name = "input"}, source);
  if (!assembler.is_complete() || !assembler.is_consistent()) std::abort();
  return assembler.take();
}

bool lies_inside(const assay::Artifact& artifact) {
  for (const assay::Fact& fact : artifact.facts) {
    if (fact.offset > artifact.size || fact.size > artifact.size - fact.offset) return false;
  }
  for (const assay::Artifact& member : artifact.members) {
    if (!lies_inside(member)) return false;
  }
  return true;
}

}  // namespace

// Whatever the bytes are: they are of some format or a gap says why not, all
// facts lie inside what they are about, and a second look sees the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Bytes bytes = std::as_bytes(std::span{data, size});
  const assay::Artifact first = analyzed(bytes);
  if (first.formats.empty() && first.gaps.empty()) std::abort();
  if (!lies_inside(first)) std::abort();
  const assay::Artifact second = analyzed(bytes);
  if (first.facts != second.facts || first.gaps != second.gaps) std::abort();
  return 0;
}
