#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

// Sets both limits; a lower hard limit stays. Returns 0 or the error.
int lower(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return errno;
  limit.rlim_max = std::min(limit.rlim_max, value);
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(resource, &limit) == 0 ? 0 : errno;
}

}  // namespace

LayerState limit_resources(const Options& options) {
  struct Limit {
    __rlimit_resource resource;
    rlim_t value;
  };
  const Limit limits[] = {{RLIMIT_NOFILE, options.max_descriptors},
                          {RLIMIT_FSIZE, 0},
                          {RLIMIT_CORE, 0},
                          {RLIMIT_NPROC, 0},  // the kernel exempts user 0
                          {RLIMIT_MEMLOCK, 0},
                          {RLIMIT_MSGQUEUE, 0}};
  // Standard error may be a file: losing a line of it is better than losing the process.
  int error = std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR ? errno : 0;
  for (const Limit& limit : limits) error = std::max(error, lower(limit.resource, limit.value));
  // AddressSanitizer maps terabytes for its shadow.
  if (kSanitizerBuild) return {Layer::limits, false, "sanitizer build"};
  error = std::max(error, lower(RLIMIT_AS, options.max_memory));
  if (error != 0) return {Layer::limits, false, errno_text(error)};
  rlimit memory{};
  ::getrlimit(RLIMIT_AS, &memory);
  return {Layer::limits, true, std::to_string(memory.rlim_max >> 20) + " MiB"};
}

void allow_cpu(std::chrono::seconds time) {
  timespec used{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_CPU, &limit);
  const auto end = static_cast<rlim_t>(used.tv_sec + 1 + std::max<std::int64_t>(time.count(), 0));
  limit.rlim_cur = std::min(limit.rlim_max, end);
  ::setrlimit(RLIMIT_CPU, &limit);
}

}  // namespace assay::sandbox
