#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "core/byte_source.h"

namespace assay::test {

// The same bytes as a MemorySource, as if fetched by ranges: each view is a copy
// of its own that ends where the view ends (so that ASan sees who reads on), and
// readers are asked to take `window_size` bytes at a time.
class RangeSource final : public ByteSource {
 public:
  RangeSource(Bytes bytes, std::uint64_t window_size) : bytes_(bytes), window_size_(window_size) {}

  std::uint64_t size() override { return bytes_.size(); }
  std::uint64_t window_size() const override { return window_size_; }
  ByteView view(std::uint64_t offset, std::uint64_t size) override {
    const Bytes wanted = clip(bytes_, offset, size);
    if (wanted.empty()) return {};
    const auto copy = std::make_shared<std::vector<std::byte>>(wanted.begin(), wanted.end());
    return {*copy, copy};
  }

 private:
  Bytes bytes_;
  std::uint64_t window_size_;
};

}  // namespace assay::test
