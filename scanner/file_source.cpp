#include "scanner/file_source.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace assay {
namespace {

// glibc's fstat asks by a call that takes a path; the sandbox has to look at each
// of those, and lets this one pass.
int status_of(int fd, struct stat& status) {
#ifdef __x86_64__
  return static_cast<int>(syscall(SYS_fstat, fd, &status));
#else
  return fstat(fd, &status);
#endif
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

int FileDescriptor::release() { return std::exchange(fd_, -1); }

FileSource::FileSource(FileDescriptor fd) : fd_(std::move(fd)) {
  if (status_of(fd_.get(), opened_) != 0) {
    error_ = ParseError{ParseErrc::unreadable, 0, std::strerror(errno)};
    return;
  }
  size_ = static_cast<std::uint64_t>(std::max<off_t>(opened_.st_size, 0));
}

// Fills the window with up to `size` bytes from `offset` on. A window that
// somebody still holds is left to them.
void FileSource::load(std::uint64_t offset, std::uint64_t size) {
  if (!window_ || window_.use_count() > 1 || window_->size() < size) {
    window_ = std::make_shared<Window>(static_cast<std::size_t>(size));
  }
  window_offset_ = offset;
  window_size_ = 0;
  while (window_size_ < size) {
    const ssize_t got = pread(fd_.get(), window_->data() + window_size_,
                              static_cast<std::size_t>(size - window_size_),
                              static_cast<off_t>(offset + window_size_));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      error_ = got < 0
                   ? ParseError{ParseErrc::unreadable, offset + window_size_, std::strerror(errno)}
                   : ParseError{ParseErrc::changed, offset + window_size_,
                                "the file became shorter while it was read"};
      return;
    }
    window_size_ += static_cast<std::uint64_t>(got);
  }
}

ByteView FileSource::view(std::uint64_t offset, std::uint64_t size) {
  if (offset >= size_ || size == 0) return {};
  size = std::min(size, size_ - offset);
  const bool inside = window_ && offset >= window_offset_ && size <= window_size_ &&
                      offset - window_offset_ <= window_size_ - size;
  if (!inside) {
    if (error_) return {};
    if (size_ <= kWholeSize) {
      load(0, size_);
    } else {
      load(offset, std::min(std::max(size, kWindowSize), size_ - offset));
    }
  }
  if (offset - window_offset_ >= window_size_) return {};
  const Bytes loaded = Bytes(window_->data(), static_cast<std::size_t>(window_size_));
  return {clip(loaded, offset - window_offset_, size), window_};
}

std::vector<ParseError> FileSource::complaints() {
  struct stat now{};
  if (status_of(fd_.get(), now) != 0) return {{ParseErrc::unreadable, 0, std::strerror(errno)}};
  const bool same = now.st_size == opened_.st_size &&
                    now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
                    now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
  if (same) return {};
  return {{ParseErrc::changed, 0, "the file changed while it was read"}};
}

}  // namespace assay
