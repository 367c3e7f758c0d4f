#include "scanner/one_pass_source.h"

#include <algorithm>

namespace assay {
namespace {
constexpr std::size_t kMaxHits = 1000;
}

OnePassSource::OnePassSource(ByteSource& source, const Budget& budget, bool hash,
                             DigestTelling* also)
    : source_(source), budget_(budget), also_(also), sweep_([this](embedded::Hit hit) {
        if (hits_.size() < kMaxHits) hits_.push_back(hit);
      }) {
  if (hash) hash_.emplace();
}

// Takes what of `bytes`, which stand at `offset`, continues the part seen.
void OnePassSource::absorb(Bytes bytes, std::uint64_t offset) {
  if (offset > frontier_ || offset + bytes.size() <= frontier_) return;
  const Bytes fresh = bytes.subspan(static_cast<std::size_t>(frontier_ - offset));
  if (hash_) hash_->update(fresh);
  if (also_) also_->update(fresh);
  sweep_.feed(fresh);
  frontier_ = offset + bytes.size();
}

void OnePassSource::advance_to(std::uint64_t offset) {
  while (frontier_ < offset && !budget_.stopped()) {
    const ByteView block = source_.view(frontier_, std::min(kBlockSize, offset - frontier_));
    if (block.empty()) return;
    absorb(block, frontier_);
  }
}

ByteView OnePassSource::view(std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t whole = source_.size();
  const bool look_at_tail = offset > frontier_ + kBlockSize && offset + kTailZone >= whole;
  if (!look_at_tail && offset < whole) advance_to(offset);
  ByteView seen = source_.view(offset, size);
  absorb(seen, offset);
  return seen;
}

bool OnePassSource::finish() {
  advance_to(source_.size());
  if (frontier_ != source_.size()) return false;
  sweep_.finish();
  if (hash_) sha256_ = hash_->finish();
  if (also_) also_->finish();
  return true;
}

}  // namespace assay
