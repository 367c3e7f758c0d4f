#pragma once

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/byte_source.h"

namespace assay {

// An open file that closes itself.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();

 private:
  int fd_;
};

// A regular file, read with pread (never mapped: whoever shortens a mapped file
// kills its reader). Files up to kWholeSize are read once and kept; larger ones
// pass through a window, so memory stays constant.
class FileSource final : public ByteSource {
 public:
  // `fd` must be a regular file. Its size is taken now, and is final.
  explicit FileSource(FileDescriptor fd);

  std::uint64_t size() override { return size_; }
  ByteView view(std::uint64_t offset, std::uint64_t size) override;
  std::optional<ParseError> error() const override { return error_; }

  // Compares the file with what it was when it was opened: a `changed` error
  // when its size or its times differ.
  std::vector<ParseError> complaints() override;

  static constexpr std::uint64_t kWholeSize = 4 << 20;
  static constexpr std::uint64_t kWindowSize = 256 << 10;

 private:
  using Buffer = std::shared_ptr<std::vector<std::byte>>;
  void load(std::uint64_t offset, std::uint64_t size);

  FileDescriptor fd_;
  struct stat opened_{};
  std::uint64_t size_ = 0;
  Buffer window_;
  std::uint64_t window_offset_ = 0;
  std::uint64_t window_size_ = 0;
  std::optional<ParseError> error_;
};

}  // namespace assay
