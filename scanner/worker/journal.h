#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"
#include "scanner/file_source.h"
#include "scanner/worker/record.h"

namespace assay {

// Memory that worker and parent share: the words that were written but not yet
// sent. Without it every fact would have to be sent at once, so that a crash
// does not take it along. The parent looks at it when the worker is silent or dead.
//
// A ring: the byte written as the n-th (from 0) lies at n % kSize.
struct JournalMemory {
  static constexpr std::size_t kSize = 64 << 10;
  std::atomic<std::uint64_t> written = 0;  // bytes so far, sent or not
  std::array<char, kSize> ring{};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// A mapping of such memory.
class SharedJournal {
 public:
  // New memory that can neither grow nor shrink.
  static Parsed<SharedJournal> create();
  // Maps what another process created.
  static Parsed<SharedJournal> open(FileDescriptor fd);

  SharedJournal(SharedJournal&& other) noexcept;
  SharedJournal& operator=(SharedJournal&&) = delete;
  ~SharedJournal();

  JournalMemory& memory() { return *memory_; }
  int fd() const { return fd_.get(); }

  // What the worker wrote behind its first `heard` bytes. It may be writing: bytes
  // that it has not sent stay where they are, so a copy that was overtaken is
  // known by the count behind it. Nothing when the counts make no sense.
  std::string unsent(std::uint64_t heard) const;

 private:
  SharedJournal(FileDescriptor fd, JournalMemory* memory) : fd_(std::move(fd)), memory_(memory) {}

  FileDescriptor fd_;
  JournalMemory* memory_;
};

// The worker's end: collects its words in the shared memory and sends them to
// `socket` (SOCK_SEQPACKET) when the ring is full or flush() is called. Ends the
// process when the parent has gone.
class Journal final : public wire::ByteSink {
 public:
  Journal(JournalMemory& memory, int socket) : memory_(memory), socket_(socket) {}

  void append(std::string_view bytes) override;
  void flush();

 private:
  std::uint64_t unsent() const { return written_ - sent_; }
  void send_piece(std::size_t size);

  JournalMemory& memory_;
  int socket_;
  std::uint64_t written_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace assay
