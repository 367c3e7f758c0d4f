#pragma once

#include <sys/stat.h>

#include <memory>
#include <new>
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
  // Begins with a page: where malloc puts a large block, 16 bytes into one, the kernel
  // of some processors copies at a fourth of the speed.
  class Window {
   public:
    explicit Window(std::size_t size)
        : size_(size), data_(static_cast<std::byte*>(::operator new(size, kAlignment))) {}
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window() { ::operator delete(data_, kAlignment); }
    std::byte* data() { return data_; }
    std::size_t size() const { return size_; }

   private:
    static constexpr std::align_val_t kAlignment{4096};
    std::size_t size_;
    std::byte* data_;
  };
  using Buffer = std::shared_ptr<Window>;
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
