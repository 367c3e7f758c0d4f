#include "formats/pickle/memo.h"

#include <algorithm>

namespace assay::pickle {

bool Memo::put(std::uint64_t index, Value value) {
  if (index >= kMaxDense) {
    const bool present = sparse_.contains(index);
    if (!present && sparse_.size() >= kMaxSparse) return false;
    size_ += present ? 0 : 1;
    sparse_[index] = packed(value);
    return true;
  }
  const auto page = static_cast<std::size_t>(index / kPageSize);
  if (page >= pages_.size()) pages_.resize(page + 1);
  if (!pages_[page]) {
    pages_[page] = std::make_unique_for_overwrite<std::uint64_t[]>(kPageSize);
    std::fill_n(pages_[page].get(), kPageSize, kAbsent);
  }
  std::uint64_t& slot = pages_[page][index % kPageSize];
  size_ += slot == kAbsent ? 1 : 0;
  slot = packed(value);
  return true;
}

std::optional<Value> Memo::get(std::uint64_t index) const {
  if (index >= kMaxDense) {
    const auto found = sparse_.find(index);
    if (found == sparse_.end()) return std::nullopt;
    return unpacked(found->second);
  }
  const auto page = static_cast<std::size_t>(index / kPageSize);
  if (page >= pages_.size() || !pages_[page]) return std::nullopt;
  const std::uint64_t slot = pages_[page][index % kPageSize];
  if (slot == kAbsent) return std::nullopt;
  return unpacked(slot);
}

}  // namespace assay::pickle
