#include "scanner/worker/journal.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace assay {
namespace {

Parsed<JournalMemory*> mapped(int fd) {
  void* const at = mmap(nullptr, sizeof(JournalMemory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return fail(ParseErrc::unreadable, 0, std::strerror(errno));
  return static_cast<JournalMemory*>(at);
}

}  // namespace

Parsed<SharedJournal> SharedJournal::create() {
  FileDescriptor fd(memfd_create("assay-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd || ftruncate(fd.get(), sizeof(JournalMemory)) != 0 ||
      fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return fail(ParseErrc::unreadable, 0, std::string("no shared memory: ") + std::strerror(errno));
  }
  return open(std::move(fd));
}

Parsed<SharedJournal> SharedJournal::open(FileDescriptor fd) {
  const auto memory = mapped(fd.get());
  if (!memory) return std::unexpected(memory.error());
  return SharedJournal(std::move(fd), *memory);
}

SharedJournal::SharedJournal(SharedJournal&& other) noexcept
    : fd_(std::move(other.fd_)), memory_(std::exchange(other.memory_, nullptr)) {}

SharedJournal::~SharedJournal() {
  if (memory_) munmap(memory_, sizeof(JournalMemory));
}

std::string SharedJournal::unsent(std::uint64_t heard) const {
  const std::uint64_t written = memory_->written.load(std::memory_order_acquire);
  if (written <= heard || written - heard > JournalMemory::kSize) return {};
  std::string words;
  words.reserve(static_cast<std::size_t>(written - heard));
  for (std::uint64_t at = heard; at != written;) {
    const std::size_t begin = static_cast<std::size_t>(at % JournalMemory::kSize);
    const std::size_t size = static_cast<std::size_t>(
        std::min<std::uint64_t>(written - at, JournalMemory::kSize - begin));
    words.append(memory_->ring.data() + begin, size);
    at += size;
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  const bool overtaken =
      memory_->written.load(std::memory_order_relaxed) - heard > JournalMemory::kSize;
  return overtaken ? std::string() : words;
}

void Journal::append(std::string_view bytes) {
  while (!bytes.empty()) {
    if (unsent() == JournalMemory::kSize) flush();
    const std::size_t begin = static_cast<std::size_t>(written_ % JournalMemory::kSize);
    const std::size_t room = std::min(JournalMemory::kSize - begin,
                                      static_cast<std::size_t>(JournalMemory::kSize - unsent()));
    const std::size_t size = std::min(room, bytes.size());
    std::memcpy(memory_.ring.data() + begin, bytes.data(), size);
    written_ += size;
    memory_.written.store(written_, std::memory_order_release);
    bytes.remove_prefix(size);
  }
}

void Journal::flush() {
  while (sent_ != written_) {
    const std::size_t begin = static_cast<std::size_t>(sent_ % JournalMemory::kSize);
    send_piece(
        static_cast<std::size_t>(std::min<std::uint64_t>(unsent(), JournalMemory::kSize - begin)));
  }
}

void Journal::send_piece(std::size_t size) {
  const char* const begin = memory_.ring.data() + sent_ % JournalMemory::kSize;
  ssize_t put = 0;
  do {
    put = send(socket_, begin, size, MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  if (put < 0) _exit(0);  // nobody listens any more
  sent_ += static_cast<std::uint64_t>(put);
}

}  // namespace assay
