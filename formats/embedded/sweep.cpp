#include "formats/embedded/sweep.h"

#include <algorithm>

namespace assay::embedded {

// Judges the heads that begin in the first `count` of `bytes`.
void Sweep::look(Bytes bytes, std::size_t count, std::uint64_t offset) {
  constexpr std::size_t kStep = 1 << 16;  // keeps positions small and in cache
  std::vector<std::uint32_t> positions;
  for (std::size_t at = 0; at < count; at += kStep) {
    const Bytes rest = bytes.subspan(at);
    positions.clear();
    find_candidates(rest, std::min(kStep, count - at), positions);
    for (const std::uint32_t position : positions) {
      const std::string_view format = head_at(clip(rest, position, kLookahead));
      if (!format.empty()) on_hit_({offset + at + position, format});
    }
  }
}

// All but the last kLookahead bytes can be judged; those wait for what follows.
void Sweep::feed(Bytes block) {
  const std::uint64_t block_offset = carry_offset_ + carry_.size();
  const std::size_t waiting = carry_.size();
  const Bytes front = clip(block, 0, kLookahead);
  carry_.insert(carry_.end(), front.begin(), front.end());
  if (block.size() <= kLookahead) {
    const std::size_t ready = carry_.size() > kLookahead ? carry_.size() - kLookahead : 0;
    look(carry_, ready, carry_offset_);
    carry_.erase(carry_.begin(), carry_.begin() + static_cast<std::ptrdiff_t>(ready));
    carry_offset_ += ready;
    return;
  }
  look(carry_, waiting, carry_offset_);
  const std::size_t ready = block.size() - kLookahead;
  look(block, ready, block_offset);
  carry_.assign(block.begin() + static_cast<std::ptrdiff_t>(ready), block.end());
  carry_offset_ = block_offset + ready;
}

void Sweep::finish() {
  look(carry_, carry_.size(), carry_offset_);
  carry_offset_ += carry_.size();
  carry_.clear();
}

}  // namespace assay::embedded
