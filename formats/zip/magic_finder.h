#pragma once

#include <cstdint>
#include <optional>

#include "core/byte_source.h"

namespace assay::zip {

// Finds the magics of local headers, central entries and data descriptors.
// Keeps its window between calls, so that a search that goes on behind each
// find reads the source once.
class MagicFinder {
 public:
  explicit MagicFinder(ByteSource& source) : source_(source) {}

  // The first magic that lies whole in [begin, end).
  std::optional<std::uint64_t> find(std::uint64_t begin, std::uint64_t end);

 private:
  bool is_in_window(std::uint64_t offset) const;

  ByteSource& source_;
  ByteView window_;
  std::uint64_t window_offset_ = 0;
};

}  // namespace assay::zip
