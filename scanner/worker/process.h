#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.h"
#include "scanner/file_source.h"
#include "scanner/worker/journal.h"
#include "scanner/worker/orders.h"

namespace assay {

// A worker as its parent holds it: started, spoken to, listened to, and gone,
// reaped, when this is destroyed. Belongs to the thread that made it: the kernel
// ends a worker with the thread that started it.
class WorkerProcess {
 public:
  // `program` is this program; it is started anew with nothing of the parent's
  // memory, environment or descriptors.
  static Parsed<WorkerProcess> start(const std::string& program, WorkerConfig config);

  WorkerProcess(WorkerProcess&& other) noexcept;
  WorkerProcess& operator=(WorkerProcess&&) = delete;
  ~WorkerProcess();

  // Hands over a file; the worker may be busy with earlier ones. False when it
  // has no room for more, an error when it is dead. Never waits.
  Parsed<bool> send(const WorkerOrder& order, int file);

  enum class Heard : std::uint8_t { words, silence, end };
  // Appends what the worker says to `words`, waiting for it up to `time`; after
  // that, or at its end (it died, or hung up), also what it has not sent yet.
  Heard listen(std::string& words, std::chrono::milliseconds time);

  // Asks it to leave the file unfinished, if it still is at it.
  void ask_to_stop(std::uint64_t file);
  void kill();

  // Ends it if it has not ended, and says how that was: "signal 11 (SEGV)",
  // "exit code 1". Known after the end only.
  std::string wait();

  pid_t pid() const { return pid_; }

 private:
  Heard look_ahead(std::string& words);
  std::string_view without_foreseen(std::string_view arrived);

  WorkerProcess(pid_t pid, FileDescriptor socket, SharedJournal journal);

  pid_t pid_;
  FileDescriptor pidfd_;
  FileDescriptor socket_;
  SharedJournal journal_;
  std::unique_ptr<char[]> buffer_;  // of what arrives, JournalMemory::kSize
  std::uint64_t heard_ = 0;         // of all it wrote, sent or not
  std::string foreseen_;            // of that, what is still to arrive
  std::string ending_;
};

}  // namespace assay
