#include "scanner/sandbox/path_trap.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>

#if !defined(__x86_64__)
#error "the registers of a system call are known here for x86-64 only"
#endif

namespace assay::sandbox {
namespace {

constexpr int kFromFilter = 1;  // SYS_SECCOMP, in the kernel's headers only

// newfstatat(descriptor: rdi, path: rsi, result: rdx, flags: r10)
long long answer(const gregset_t& registers) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a register holds it
  const auto* path = reinterpret_cast<const char*>(registers[REG_RSI]);
  const auto flags = static_cast<int>(registers[REG_R10]);
  if (path == nullptr || *path != '\0' || (flags & AT_EMPTY_PATH) == 0) return -EACCES;
  const auto descriptor = static_cast<int>(registers[REG_RDI]);
  return ::syscall(SYS_fstat, descriptor, registers[REG_RDX]) == 0 ? 0 : -errno;
}

void on_trap(int /*signal*/, siginfo_t* info, void* context) {
  if (info->si_code != kFromFilter || info->si_syscall != SYS_newfstatat) return;
  const int saved = errno;
  gregset_t& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  registers[REG_RAX] = answer(registers);
  errno = saved;
}

}  // namespace

void install_path_trap() {
  struct sigaction action{};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSYS, &action, nullptr);
}

}  // namespace assay::sandbox
