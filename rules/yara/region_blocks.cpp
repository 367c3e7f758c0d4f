#include "rules/yara/region_blocks.h"

#include <algorithm>
#include <limits>

namespace assay {
namespace {
// Saturates: a region may claim to reach further than any file.
std::uint64_t end_of(const Region& region) {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - region.offset;
  return region.offset + std::min(region.size, room);
}
}  // namespace

std::vector<Region> merged(std::span<const Region> regions) {
  std::vector<Region> sorted(regions.begin(), regions.end());
  std::erase_if(sorted, [](const Region& region) { return region.size == 0; });
  std::ranges::sort(sorted, {}, &Region::offset);
  std::vector<Region> out;
  for (const Region& region : sorted) {
    if (out.empty() || end_of(out.back()) < region.offset) {
      out.push_back(region);
    } else {
      out.back().size = std::max(end_of(out.back()), end_of(region)) - out.back().offset;
    }
  }
  return out;
}

std::optional<libyara::Block> RegionBlocks::at(std::size_t index) {
  if (index < seen_.size()) return seen_[index];
  if (stopped_ || budget_.stopped()) {
    stopped_ = true;
    return std::nullopt;
  }
  const std::optional<libyara::Block> block = read_next();
  if (block) seen_.push_back(*block);
  return block;
}

std::optional<libyara::Block> RegionBlocks::read_next() {
  for (; region_ < regions_.size(); ++region_, position_ = 0) {
    const Region& region = regions_[region_];
    if (position_ >= region.size) continue;
    const std::uint64_t wanted = std::min(kBlockSize, region.size - position_);
    view_ = {};  // lets the source reuse the buffer
    view_offset_ = region.offset + position_;
    view_ = source_.view(view_offset_, wanted);
    if (view_.empty() || (position_ > 0 && view_.size() <= kOverlap)) continue;
    const bool last = view_.size() < wanted || position_ + wanted == region.size;
    position_ = last ? region.size : position_ + wanted - kOverlap;
    return libyara::Block{view_offset_, view_.size()};
  }
  return std::nullopt;
}

Bytes RegionBlocks::fetch(const libyara::Block& block) {
  if (block.offset != view_offset_ || block.size != view_.size()) {
    reread_ += block.size;
    if (reread_too_much()) return {};
    view_ = {};
    view_offset_ = block.offset;
    view_ = source_.view(block.offset, block.size);
  }
  return view_;
}

}  // namespace assay
