#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include "scanner/sandbox/sandbox.h"

namespace assay::sandbox::test {

// How a child ended and what it said before.
struct Ended {
  int status;
  std::string said;

  bool exited() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
  int signal() const { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
};

inline std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t size; (size = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  return text;
}

// Runs `body` in a forked child; `say` is its line to us.
inline Ended in_child(const std::function<void(int say)>& body) {
  int ends[2];
  if (::pipe(ends) != 0) return {-1, "no pipe"};
  const pid_t child = ::fork();
  if (child == 0) {
    // A death on purpose needs neither Catch2's report nor a core file.
    for (const int signal : {SIGSEGV, SIGABRT}) {
      if (std::signal(signal, SIG_DFL) == SIG_ERR) ::_exit(7);
    }
    body(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended{0, read_all(ends[0])};
  ::close(ends[0]);
  ::waitpid(child, &ended.status, 0);
  return ended;
}

inline void say(int descriptor, std::string_view text) {
  if (::write(descriptor, text.data(), text.size()) < 0) ::_exit(9);
}

// The same after lock_down; `body` returns what is to be said.
inline Ended in_locked_child(Options options, const std::function<std::string()>& body) {
  return in_child([&](int descriptor) {
    options.keep.insert(descriptor);
    lock_down(options);
    say(descriptor, body());
  });
}

// The layers that this machine and build do not give, one per line.
inline std::string missing_here() {
  return in_child([](int descriptor) {
           Options options;
           options.keep.insert(descriptor);
           for (const std::string& line : lock_down(options).missing())
             say(descriptor, line + "\n");
         })
      .said;
}

// Says so aloud when a layer is not to be had.
#define ASSAY_NEEDS_LAYER(layer)                                             \
  if (const std::string gone = missing_here();                               \
      gone.find(std::string(to_string(layer)) + ":") != std::string::npos) { \
    WARN("skipped, this machine or build has not every layer: " + gone);     \
    return;                                                                  \
  }                                                                          \
  static_assert(true)

}  // namespace assay::sandbox::test
