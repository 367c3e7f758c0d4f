#include "formats/pickle/memo.h"

#include <algorithm>

namespace assay::pickle {

bool Memo::put_new(std::uint64_t index, const Value& value) {
  if (index >= kMaxDense) {
    const bool present = sparse_.contains(index);
    if (!present && sparse_.size() >= kMaxSparse) return false;
    size_ += present ? 0 : 1;
    sparse_[index] = packed(value);
    return true;
  }
  const auto page = static_cast<std::size_t>(index / kPageSize);
  if (page >= pages_.size()) pages_.resize(page + 1);
  pages_[page] = std::make_unique_for_overwrite<std::uint64_t[]>(kPageSize);
  std::fill_n(pages_[page].get(), kPageSize, kAbsent);
  return put(index, value);
}

std::optional<Value> Memo::get_sparse(std::uint64_t index) const {
  const auto found = sparse_.find(index);
  if (found == sparse_.end()) return std::nullopt;
  return unpacked(found->second);
}

}  // namespace assay::pickle
