#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "formats/pickle/value.h"

namespace assay::pickle {

// The memo of one pickle: slots by index, as PUT and MEMOIZE fill them. Indices
// that picklers write are dense and stand in pages; huge ones, which only hand
// made pickles have, in a side table. Both are bounded.
class Memo {
 public:
  static constexpr std::uint64_t kMaxDense = 3'999'744;  // whole pages
  static constexpr std::size_t kMaxSparse = 65'536;

  // False when the memo is full.
  bool put(std::uint64_t index, const Value& value) {
    const std::uint64_t page = index / kPageSize;
    if (page >= pages_.size() || !pages_[page]) [[unlikely]]
      return put_new(index, value);
    std::uint64_t& slot = pages_[page][index % kPageSize];
    size_ += slot == kAbsent ? 1 : 0;
    slot = packed(value);
    return true;
  }
  std::optional<Value> get(std::uint64_t index) const {
    const std::uint64_t page = index / kPageSize;
    if (page >= pages_.size() || !pages_[page]) [[unlikely]]
      return get_sparse(index);
    const std::uint64_t slot = pages_[page][index % kPageSize];
    if (slot == kAbsent) return std::nullopt;
    return unpacked(slot);
  }

  // Slots in use: where MEMOIZE puts the next value.
  std::uint64_t size() const { return size_; }

 private:
  static constexpr std::size_t kPageSize = 1024;
  static constexpr std::uint64_t kAbsent = ~0ULL;  // no packed value: its kind would be 31

  // Where there is no page yet.
  bool put_new(std::uint64_t index, const Value& value);
  std::optional<Value> get_sparse(std::uint64_t index) const;

  std::vector<std::unique_ptr<std::uint64_t[]>> pages_;
  std::unordered_map<std::uint64_t, std::uint64_t> sparse_;
  std::uint64_t size_ = 0;
};

}  // namespace assay::pickle
