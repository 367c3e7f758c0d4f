#include <cstdlib>

#include "tests/support/test_listener.h"

namespace {

// Everything that the reader let through, cut where `step` says.
std::pair<bool, std::vector<std::pair<std::uint64_t, assay::Artifact>>> heard(assay::Bytes bytes,
                                                                              std::size_t step) {
  assay::test::Listener listener;
  assay::wire::RecordReader reader(listener, assay::test::kRoomy);
  bool is_good = true;
  for (std::size_t at = 0; at < bytes.size() && is_good; at += step) {
    is_good = reader.feed(assay::clip(bytes, at, step));
    if (listener.depth() > assay::test::kRoomy.depth) std::abort();
  }
  if (is_good != reader.why().empty()) std::abort();
  return {is_good, std::move(listener.done)};
}

std::uint64_t facts_in(const assay::Artifact& artifact) {
  std::uint64_t count = artifact.facts.size();
  for (const assay::Artifact& member : artifact.members) count += facts_in(member);
  return count;
}

}  // namespace

// A worker that somebody took over may say anything: no more than the limits
// gets through, and how the bytes arrive makes no difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Bytes bytes = std::as_bytes(std::span{data, size});
  const auto whole = heard(bytes, size + 1);
  const auto pieces = heard(bytes, 1 + size % 13);
  if (whole.first != pieces.first || whole.second.size() != pieces.second.size()) std::abort();
  for (std::size_t i = 0; i < whole.second.size(); ++i) {
    const assay::Artifact& artifact = whole.second[i].second;
    if (facts_in(artifact) > assay::test::kRoomy.facts) std::abort();
    if (artifact.facts != pieces.second[i].second.facts) std::abort();
  }
  return 0;
}
