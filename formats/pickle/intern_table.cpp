#include "formats/pickle/intern_table.h"

#include <algorithm>
#include <cstring>

#include "formats/pickle/short_text.h"

namespace assay::pickle {
namespace {

// Most texts are short, and calls to compare them would cost more than the comparison.
bool are_same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() <= 16) return TextEnds(a) == TextEnds(b);
  return std::memcmp(a.data(), b.data(), a.size()) == 0;
}

std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;
  std::uint64_t hash = text.size() * kPrime;
  const auto mix = [&](std::uint64_t word) { hash = (hash ^ word) * kPrime ^ hash >> 29; };
  const TextEnds ends(text);
  mix(ends.front);
  mix(ends.back);
  for (std::size_t at = 8; at + 8 < text.size(); at += 8)
    mix(TextEnds::load<std::uint64_t>(text.data() + at));
  hash ^= hash >> 32;
  return static_cast<std::uint32_t>(hash * kPrime >> 32);
}

}  // namespace

std::optional<std::uint32_t> InternTable::intern(std::string_view text) {
  if (slots_.empty()) slots_.resize(256);
  const std::uint32_t hash = hash_of(text);
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    const Slot& slot = slots_[(hash + probe) & (slots_.size() - 1)];
    if (slot.id == kEmpty) return add(text, hash);
    if (slot.hash == hash && are_same(texts_[slot.id], text)) return slot.id;
  }
  const auto found = crowded_.find(text);
  return found == crowded_.end() ? add(text, hash) : std::optional{found->second};
}

std::optional<std::uint32_t> InternTable::add(std::string_view text, std::uint32_t hash) {
  if (texts_.size() >= max_entries_ || text.size() > max_bytes_ - bytes_) return std::nullopt;
  bytes_ += text.size();
  texts_.push_back(keep(text));
  if (texts_.size() * 2 > slots_.size()) {
    grow();
  } else {
    place(size() - 1, hash);
  }
  return size() - 1;
}

// Copies `text` to where it stays.
std::string_view InternTable::keep(std::string_view text) {
  if (text.size() > block_left_) {
    const std::size_t size = std::max(kBlockSize, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    block_end_ = blocks_.back().get();
    block_left_ = size;
  }
  char* copy = block_end_;
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  block_end_ += text.size();
  block_left_ -= text.size();
  return {copy, text.size()};
}

void InternTable::grow() {
  slots_.assign(slots_.size() * 2, Slot{});
  crowded_.clear();
  for (std::uint32_t id = 0; id < size(); ++id) place(id, hash_of(texts_[id]));
}

void InternTable::place(std::uint32_t id, std::uint32_t hash) {
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe) {
    Slot& slot = slots_[(hash + probe) & (slots_.size() - 1)];
    if (slot.id != kEmpty) continue;
    slot = {id, hash};
    return;
  }
  crowded_.emplace(texts_[id], id);
}

}  // namespace assay::pickle
