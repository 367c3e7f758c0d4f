#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/error.h"

namespace assay {

// Bytes together with whatever keeps them alive, so that a view stays good
// however often the source is read afterwards.
class ByteView {
 public:
  ByteView() = default;
  ByteView(Bytes bytes, std::shared_ptr<const void> owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  Bytes bytes() const { return bytes_; }
  operator Bytes() const { return bytes_; }  // NOLINT(google-explicit-constructor): a view is its bytes
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  Bytes bytes_;
  std::shared_ptr<const void> owner_;
};

// Random access to the bytes of one artifact: a file, a member held in memory,
// a slice of another source, a decompressed stream, later a remote file.
// Parsers ask for the header they need and step over weights by length.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Bytes in the artifact. For a compressed stream this decodes to the end.
  virtual std::uint64_t size() = 0;

  // The bytes [offset, offset + size), cut short at the end of the source. A
  // view shorter than that means the source failed: see error(). Callers ask
  // for at most a few MiB at a time (SourceReader and for_each_block do).
  virtual ByteView view(std::uint64_t offset, std::uint64_t size) = 0;

  // Whether `offset` lies before the end; unlike size() it need not decode a
  // stream any further than that.
  virtual bool has(std::uint64_t offset) { return offset < size(); }

  // How many bytes whoever reads front to back takes at a time, at most, unless
  // it needs more in one piece.
  virtual std::uint64_t window_size() const { return 256 * 1024; }

  // Sticky: why bytes that should be there could not be had.
  virtual std::optional<ParseError> error() const { return std::nullopt; }

  // What the source itself could not vouch for once it was read to the end (a
  // checksum that is wrong). Empty when there is nothing to say.
  virtual std::vector<ParseError> complaints() { return {}; }
};

// Bytes held in memory. Owns them when made from a vector; borrows otherwise.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::vector<std::byte> bytes);
  explicit MemorySource(Bytes borrowed) : bytes_(borrowed) {}

  std::uint64_t size() override { return bytes_.size(); }
  ByteView view(std::uint64_t offset, std::uint64_t size) override {
    return {clip(bytes_, offset, size), owner_};
  }

 private:
  std::shared_ptr<const std::vector<std::byte>> owner_;
  Bytes bytes_;
};

// A stretch of another source, which must outlive it: a STORED archive member.
class SliceSource final : public ByteSource {
 public:
  // The slice is cut short where `parent` ends.
  SliceSource(ByteSource& parent, std::uint64_t offset, std::uint64_t size);

  std::uint64_t size() override { return size_; }
  ByteView view(std::uint64_t offset, std::uint64_t size) override;
  std::uint64_t window_size() const override { return parent_.window_size(); }
  // The parent's, told where in the slice it stands.
  std::optional<ParseError> error() const override;

 private:
  ByteSource& parent_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

// The bytes [offset, offset + size), copied into one piece; shorter when the
// source ends before. For headers that must be parsed whole: the caller has
// compared `size` with a limit of its own.
std::vector<std::byte> read_bytes(ByteSource& source, std::uint64_t offset, std::uint64_t size);

// Calls `block` with consecutive views of at most `block_size` bytes covering
// [offset, offset + size) or as much of it as there is. Stops early when
// `block` returns false. Returns the number of bytes passed on.
template <typename F>
std::uint64_t for_each_block(ByteSource& source, std::uint64_t offset, std::uint64_t size, F block,
                             std::uint64_t block_size = 256 * 1024) {
  block_size = std::min(block_size, source.window_size());
  std::uint64_t done = 0;
  while (done < size) {
    const ByteView view = source.view(offset + done, std::min(block_size, size - done));
    if (view.empty() || !block(view.bytes(), offset + done)) break;
    done += view.size();
  }
  return done;
}

}  // namespace assay
