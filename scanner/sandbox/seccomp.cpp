#include <fcntl.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/path_trap.h"

namespace assay::sandbox {
namespace {

// docs/sandbox.md says why each is there.
constexpr int kAllowed[] = {
    SCMP_SYS(read),         SCMP_SYS(readv),           SCMP_SYS(pread64),
    SCMP_SYS(lseek),        SCMP_SYS(fstat),           SCMP_SYS(close),
    SCMP_SYS(write),        SCMP_SYS(writev),          SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),      SCMP_SYS(recvfrom),        SCMP_SYS(brk),
    SCMP_SYS(munmap),       SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),  SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),       SCMP_SYS(sysinfo),
    SCMP_SYS(getpid),       SCMP_SYS(gettid),          SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

// Libraries look for files on the way (iconv, OpenSSL's configuration, time zones) and go on
// without them.
constexpr int kNoFiles[] = {
    SCMP_SYS(open),      SCMP_SYS(openat),     SCMP_SYS(openat2),    SCMP_SYS(creat),
    SCMP_SYS(stat),      SCMP_SYS(lstat),      SCMP_SYS(statx),      SCMP_SYS(statfs),
    SCMP_SYS(access),    SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(getcwd),    SCMP_SYS(readlinkat), SCMP_SYS(chdir),      SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),   SCMP_SYS(rmdir),      SCMP_SYS(unlink),     SCMP_SYS(unlinkat),
    SCMP_SYS(rename),    SCMP_SYS(renameat),   SCMP_SYS(renameat2),  SCMP_SYS(link),
    SCMP_SYS(linkat),    SCMP_SYS(symlink),    SCMP_SYS(symlinkat),  SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),  SCMP_SYS(truncate),   SCMP_SYS(mknod),      SCMP_SYS(mknodat),
    SCMP_SYS(getdents64)};

constexpr scmp_arg_cmp equal(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

constexpr scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

// A filter under construction. Every other call kills the process.
class Filter {
 public:
  void add(std::uint32_t action, int call, const std::vector<scmp_arg_cmp>& arguments = {}) {
    const auto count = static_cast<unsigned>(arguments.size());
    keep(::seccomp_rule_add_array(context_.get(), action, call, count, arguments.data()));
  }

  void set(scmp_filter_attr attribute, std::uint32_t value) {
    keep(::seccomp_attr_set(context_.get(), attribute, value));
  }

  // Returns 0, or the first error of all.
  int load() {
    if (error_ != 0) return error_;
    // The library's own code says only that the kernel refused.
    errno = 0;
    if (::seccomp_load(context_.get()) != 0) error_ = errno == 0 ? ECANCELED : errno;
    return error_;
  }

 private:
  struct Release {
    void operator()(void* context) const { ::seccomp_release(context); }
  };

  void keep(int result) {
    if (error_ == 0 && result < 0) error_ = -result;
  }

  int error_ = 0;
  std::unique_ptr<void, Release> context_{::seccomp_init(SCMP_ACT_KILL_PROCESS)};
};

void allow_memory(Filter& filter) {
  // Private only: a shared mapping would write to a file past RLIMIT_FSIZE.
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(mmap),
             {masked(2, PROT_EXEC, 0), masked(3, MAP_TYPE, MAP_PRIVATE)});
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {masked(2, PROT_EXEC, 0)});
}

// Of this process only: 0 and its own number.
void allow_own_process(Filter& filter) {
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), {equal(0, 0)});
  // glibc counts the processors when malloc fails.
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(sched_getaffinity), {equal(0, 0)});
  const auto self = static_cast<scmp_datum_t>(::getpid());
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), {equal(0, self)});
}

void allow_waiting(Filter& filter) {
  const auto command = static_cast<std::uint32_t>(FUTEX_CMD_MASK);
  for (const int operation : {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET}) {
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(futex),
               {masked(1, command, static_cast<scmp_datum_t>(operation))});
  }
}

void refuse_politely(Filter& filter) {
  for (const int call : kNoFiles) filter.add(SCMP_ACT_ERRNO(EACCES), call);
  filter.add(SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl));
  filter.add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl));
  filter.add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(uname));
}

int build_and_load() {
  Filter filter;
  filter.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  filter.set(SCMP_FLTATR_CTL_NNP, 0);       // its own layer
  filter.set(SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a search tree instead of a list
  for (const int call : kAllowed) filter.add(SCMP_ACT_ALLOW, call);
  // send is sendto without an address.
  filter.add(SCMP_ACT_ALLOW, SCMP_SYS(sendto), {equal(4, 0)});
  allow_memory(filter);
  allow_own_process(filter);
  allow_waiting(filter);
  refuse_politely(filter);
  filter.add(SCMP_ACT_TRAP, SCMP_SYS(newfstatat));
  return filter.load();
}

}  // namespace

LayerState filter_calls() {
  if (kSanitizerBuild) return {Layer::seccomp, false, "sanitizer build"};
  install_path_trap();
  const int error = build_and_load();
  if (error != 0) return {Layer::seccomp, false, errno_text(error)};
  return {Layer::seccomp, true, ""};
}

}  // namespace assay::sandbox
