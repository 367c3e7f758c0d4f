#include "core/byte_source.h"

#include <algorithm>
#include <utility>

namespace assay {

MemorySource::MemorySource(std::vector<std::byte> bytes)
    : owner_(std::make_shared<const std::vector<std::byte>>(std::move(bytes))), bytes_(*owner_) {}

SliceSource::SliceSource(ByteSource& parent, std::uint64_t offset, std::uint64_t size)
    : parent_(parent), offset_(offset), size_(size) {
  if (size == 0) return;
  // A stream need not be decoded further than the slice goes.
  if (offset + size > offset && parent.has(offset + size - 1)) return;
  const std::uint64_t whole = parent.size();
  size_ = offset >= whole ? 0 : std::min(size, whole - offset);
}

ByteView SliceSource::view(std::uint64_t offset, std::uint64_t size) {
  if (offset >= size_) return {};
  return parent_.view(offset_ + offset, std::min(size, size_ - offset));
}

std::optional<ParseError> SliceSource::error() const {
  auto error = parent_.error();
  if (error) error->offset = std::min(error->offset - std::min(error->offset, offset_), size_);
  return error;
}

std::vector<std::byte> read_bytes(ByteSource& source, std::uint64_t offset, std::uint64_t size) {
  std::vector<std::byte> all;
  for_each_block(
      source, offset, size,
      [&](Bytes block, std::uint64_t) {
        all.insert(all.end(), block.begin(), block.end());
        return true;
      },
      1024 * 1024);
  return all;
}

}  // namespace assay
