#include "scanner/worker/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "scanner/worker/worker_main.h"

namespace assay {
namespace {

// What a worker is given of the environment: where its libraries are, and how
// the sanitizers and the coverage of a test build report. No secret.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name :
       {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE"}) {
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  }
  return kept;
}

// posix_spawn's list of what the child does with descriptors.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  void put(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// No signal that our starter had blocked or ignored is so for a worker.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// This program by the name it was started under, where /proc is not mounted.
const char* fallback_for(const std::string& program) {
  if (program != "/proc/self/exe") return nullptr;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): getauxval(3)
  return reinterpret_cast<const char*>(getauxval(AT_EXECFN));
}

Parsed<pid_t> spawn(const std::string& program, int socket) {
  // A duplicate with another number: dup2 onto itself would leave it close-on-exec.
  const FileDescriptor other(fcntl(socket, F_DUPFD_CLOEXEC, kWorkerSocket + 1));
  FileActions actions;
  actions.put(other.get(), kWorkerSocket);
  std::string name = "assay";
  std::string argument = kWorkerArgument;
  std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
  std::vector<std::string> kept = environment();
  std::vector<char*> variables;
  for (std::string& variable : kept) variables.push_back(variable.data());
  variables.push_back(nullptr);
  pid_t pid = -1;
  const Attributes attributes;
  const auto start = [&](const char* path) {
    return posix_spawn(&pid, path, actions.get(), attributes.get(), arguments.data(),
                       variables.data());
  };
  int error = start(program.c_str());
  const char* const fallback = fallback_for(program);
  if (error == ENOENT && fallback) error = start(fallback);
  if (error != 0) {
    return fail(ParseErrc::unreadable, 0,
                "no worker could be started from " + program + ": " + std::strerror(error));
  }
  return pid;
}

}  // namespace

Parsed<WorkerProcess> WorkerProcess::start(const std::string& program, WorkerConfig config) {
  auto journal = SharedJournal::create();
  if (!journal) return std::unexpected(journal.error());
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ParseErrc::unreadable, 0, std::string("no socket: ") + std::strerror(errno));
  }
  FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  const auto pid = spawn(program, theirs.get());
  if (!pid) return std::unexpected(pid.error());
  WorkerProcess process(*pid, std::move(ours), std::move(*journal));
  config.parent = static_cast<std::uint32_t>(getpid());
  const auto sent = send_config(process.socket_.get(), config, process.journal_.fd());
  if (!sent) return std::unexpected(sent.error());
  return process;
}

WorkerProcess::WorkerProcess(pid_t pid, FileDescriptor socket, SharedJournal journal)
    : pid_(pid),
      pidfd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))),
      socket_(std::move(socket)),
      journal_(std::move(journal)) {}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      socket_(std::move(other.socket_)),
      journal_(std::move(other.journal_)),
      buffer_(std::move(other.buffer_)),
      heard_(other.heard_),
      foreseen_(std::move(other.foreseen_)),
      ending_(std::move(other.ending_)) {}

WorkerProcess::~WorkerProcess() { wait(); }

Parsed<bool> WorkerProcess::send(const WorkerOrder& order, int file) {
  return send_order(socket_.get(), order, file);
}

WorkerProcess::Heard WorkerProcess::listen(std::string& words, std::chrono::milliseconds time) {
  pollfd wanted{socket_.get(), POLLIN, 0};
  if (poll(&wanted, 1, static_cast<int>(time.count())) <= 0) return look_ahead(words);
  // Not zeroed: most of it is never written.
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(JournalMemory::kSize);
  ssize_t got = 0;
  do {
    got = recv(socket_.get(), buffer_.get(), JournalMemory::kSize, MSG_DONTWAIT);
    // It died with orders unread: once an error, before what it had sent.
  } while (got < 0 && (errno == EINTR || errno == ECONNRESET));
  if (got > 0) {
    words += without_foreseen({buffer_.get(), static_cast<std::size_t>(got)});
    return Heard::words;
  }
  if (got < 0 && errno == EAGAIN) return Heard::silence;
  wait();
  words += journal_.unsent(heard_);
  return Heard::end;
}

// What arrives has to begin with what was seen in the worker's memory. Where it
// does not, somebody else is speaking: that is answered by what no reader accepts.
std::string_view WorkerProcess::without_foreseen(std::string_view arrived) {
  const std::size_t known = std::min(foreseen_.size(), arrived.size());
  if (arrived.substr(0, known) != std::string_view(foreseen_).substr(0, known)) {
    return "\xff\xff\xff\xff\xff";
  }
  foreseen_.erase(0, known);
  heard_ += arrived.size() - known;
  return arrived.substr(known);
}

// Words that wait in the worker's memory tell which file it is at.
WorkerProcess::Heard WorkerProcess::look_ahead(std::string& words) {
  const std::string unsent = journal_.unsent(heard_);
  // What was sent comes before what is written by now.
  pollfd sent{socket_.get(), POLLIN, 0};
  if (unsent.empty() || poll(&sent, 1, 0) != 0) return Heard::silence;
  heard_ += unsent.size();
  foreseen_ += unsent;
  words += unsent;
  return Heard::words;
}

void WorkerProcess::ask_to_stop(std::uint64_t file) {
  siginfo_t info{};
  info.si_signo = SIGTERM;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_int = static_cast<int>(static_cast<std::uint32_t>(file));
  if (pidfd_) syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGTERM, &info, 0);
}

// Before pidfd_open (Linux 5.3) the number will do: nobody else has it until the
// worker is reaped, and only we reap it.
void WorkerProcess::kill() {
  if (pid_ <= 0) return;
  if (!pidfd_ || syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0) != 0) {
    ::kill(pid_, SIGKILL);
  }
}

std::string WorkerProcess::wait() {
  if (pid_ <= 0) return ending_;
  int status = 0;
  // It may have hung up without dying: nothing it could still do is wanted.
  if (waitpid(pid_, &status, WNOHANG) == 0) {
    kill();
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    const char* const name = sigabbrev_np(number);
    ending_ = "signal " + std::to_string(number) + " (SIG" + (name ? name : "?") + ")";
  } else {
    ending_ = "exit code " + std::to_string(WEXITSTATUS(status));
  }
  return ending_;
}

}  // namespace assay
