#include "scanner/sandbox/self_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>
#include <vector>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

constexpr const char* kForeignFile = "/etc/passwd";
constexpr std::size_t kPiece = std::size_t{64} << 20;
constexpr std::size_t kPieces = 256;
constexpr std::size_t kPage = 4096;

AttemptResult refused() { return {true, errno_text(errno)}; }
AttemptResult got(std::string what) { return {false, std::move(what)}; }

AttemptResult open_file(pid_t /*victim*/) {
  const int descriptor = ::open(kForeignFile, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return refused();
  ::close(descriptor);
  return got(std::string("opened ") + kForeignFile);
}

AttemptResult create_file(pid_t /*victim*/) {
  const std::string path = "/tmp/CANARY-" + std::to_string(::getpid());
  const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) return refused();
  ::close(descriptor);
  ::unlink(path.c_str());
  return got("created " + path);
}

// The one way to look up a path that a filter must let through for fstat.
AttemptResult look_up_file(pid_t /*victim*/) {
  struct stat found{};
  if (::syscall(SYS_newfstatat, AT_FDCWD, kForeignFile, &found, AT_EMPTY_PATH) != 0)
    return refused();
  return got("size " + std::to_string(found.st_size));
}

AttemptResult connect_out(pid_t /*victim*/) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return refused();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
  const int error = result == 0 ? 0 : errno;
  ::close(descriptor);
  if (error == EACCES || error == EPERM || error == ENETUNREACH) return {true, errno_text(error)};
  return got(error == 0 ? "connected" : "the network was reached, " + errno_text(error));
}

AttemptResult execute(pid_t /*victim*/) {
  ::execl("/bin/true", "true", nullptr);
  return refused();
}

AttemptResult fork_once(pid_t /*victim*/) {
  const pid_t child = ::fork();
  if (child < 0) return refused();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return got("made a process");
}

AttemptResult trace_process(pid_t victim) {
  if (::ptrace(PTRACE_SEIZE, victim, nullptr, nullptr) != 0) return refused();
  ::ptrace(PTRACE_INTERRUPT, victim, nullptr, nullptr);
  ::waitpid(victim, nullptr, __WALL);
  ::ptrace(PTRACE_DETACH, victim, nullptr, nullptr);
  return got("traced another process");
}

AttemptResult signal_process(pid_t victim) {
  return ::kill(victim, 0) == 0 ? got("may signal another process") : refused();
}

AttemptResult map_executable(pid_t /*victim*/) {
  void* memory = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return refused();
  ::munmap(memory, kPage);
  return got("mapped executable memory");
}

AttemptResult make_executable(pid_t /*victim*/) {
  void* memory = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return refused();
  const AttemptResult result = ::mprotect(memory, kPage, PROT_READ | PROT_EXEC) == 0
                                   ? got("made memory executable")
                                   : refused();
  ::munmap(memory, kPage);
  return result;
}

AttemptResult use_io_uring(pid_t /*victim*/) {
  io_uring_params parameters{};
  const long ring = ::syscall(SYS_io_uring_setup, 1U, &parameters);
  if (ring < 0) return refused();
  ::close(static_cast<int>(ring));
  return got("set up a ring");
}

AttemptResult raise_limits(pid_t /*victim*/) {
  rlimit before{};
  if (::getrlimit(RLIMIT_AS, &before) != 0) return refused();
  const rlimit wanted{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_AS, &wanted) != 0) return refused();
  ::setrlimit(RLIMIT_AS, &before);
  return got("raised the limit of memory");
}

AttemptResult allocate(pid_t /*victim*/) {
  std::vector<void*> pieces;
  int error = 0;
  for (std::size_t i = 0; i < kPieces && error == 0; ++i) {
    pieces.push_back(std::malloc(kPiece));
    if (pieces.back() == nullptr) error = errno;
  }
  for (void* piece : pieces) std::free(piece);
  if (error == 0) return got(std::to_string(pieces.size() * (kPiece >> 20)) + " MiB");
  return {true, errno_text(error) + ", after " +
                    std::to_string((pieces.size() - 1) * (kPiece >> 20)) + " MiB"};
}

AttemptResult loop(pid_t /*victim*/) {
  volatile unsigned turns = 0;
  for (;;) turns = turns + 1;
}

AttemptResult crash(pid_t /*victim*/) {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
  return got("wrote to address 0");
}

AttemptResult abort_now(pid_t /*victim*/) { std::abort(); }

struct Entry {
  Attempt what;
  std::string_view word;
  AttemptResult (*make)(pid_t victim);
};

constexpr std::array kEntries = {
    Entry{Attempt::open_file, "open-file", open_file},
    Entry{Attempt::create_file, "create-file", create_file},
    Entry{Attempt::look_up_file, "look-up-file", look_up_file},
    Entry{Attempt::connect, "connect", connect_out},
    Entry{Attempt::execute, "execute", execute},
    Entry{Attempt::fork, "fork", fork_once},
    Entry{Attempt::trace_process, "trace-process", trace_process},
    Entry{Attempt::signal_process, "signal-process", signal_process},
    Entry{Attempt::map_executable, "map-executable", map_executable},
    Entry{Attempt::make_executable, "make-executable", make_executable},
    Entry{Attempt::use_io_uring, "use-io-uring", use_io_uring},
    Entry{Attempt::raise_limits, "raise-limits", raise_limits},
    Entry{Attempt::allocate, "allocate", allocate},
    Entry{Attempt::loop, "loop", loop},
    Entry{Attempt::crash, "crash", crash},
    Entry{Attempt::abort, "abort", abort_now}};

constexpr auto kAttempts = [] {
  std::array<Attempt, kEntries.size()> all{};
  std::ranges::transform(kEntries, all.begin(), &Entry::what);
  return all;
}();

const Entry& entry(Attempt what) { return *std::ranges::find(kEntries, what, &Entry::what); }

}  // namespace

AttemptResult attempt(Attempt what, pid_t victim) { return entry(what).make(victim); }

std::span<const Attempt> all_attempts() { return kAttempts; }

std::string_view to_string(Attempt what) { return entry(what).word; }

std::optional<Attempt> attempt_from_string(std::string_view word) {
  const auto at = std::ranges::find(kEntries, word, &Entry::word);
  if (at == kEntries.end()) return std::nullopt;
  return at->what;
}

}  // namespace assay::sandbox
