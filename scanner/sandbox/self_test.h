#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::sandbox {

// What hostile code inside a parser would try.
enum class Attempt : std::uint8_t {
  open_file,        // read /etc/passwd
  create_file,      // a file in /tmp, removed again
  look_up_file,     // the size and times of /etc/passwd
  connect,          // TCP to 127.0.0.1, port 9
  execute,          // /bin/true; succeeds by becoming it, and exits with 0
  fork,             // a process that ends at once
  trace_process,    // ptrace the victim
  signal_process,   // signal 0 (does nothing) to the victim
  map_executable,   // new memory that is writable and executable
  make_executable,  // memory that was only writable
  use_io_uring,     // calls that no filter sees
  raise_limits,     // the hard limit of memory
  allocate,         // 16 GiB in 64 MiB pieces, untouched
  loop,             // compute for ever; does not return
  crash,            // write to address 0; does not return
  abort,            // std::abort; does not return
};

struct AttemptResult {
  bool refused;
  std::string detail;  // "EACCES: Permission denied", or what was got
};

// Tries it in this process. Returns when it was refused by an error, or succeeded (and was taken
// back); a process that is killed for it never returns. `victim` is another process of the same
// user, such as the parent.
AttemptResult attempt(Attempt what, pid_t victim);

std::span<const Attempt> all_attempts();
std::string_view to_string(Attempt what);
std::optional<Attempt> attempt_from_string(std::string_view word);

}  // namespace assay::sandbox
