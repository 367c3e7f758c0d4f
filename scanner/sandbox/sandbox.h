#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sandbox {

// One thing the kernel takes away from the process. Each may be absent on some kernel or in some
// container.
enum class Layer : std::uint8_t {
  descriptors,        // all but the given descriptors are closed
  network_namespace,  // no interface but a loopback that is down; optional, see State::level
  no_new_privs,       // no gain by set-user-ID programs
  landlock,           // no path can be opened, no TCP, no signal to a process outside
  capabilities,       // none of root's powers
  not_dumpable,       // no core file, no other process of the user can attach
  limits,             // memory, descriptors, file size, processes
  seccomp,            // only the calls of docs/sandbox.md
};

struct LayerState {
  Layer layer;
  bool in_force;
  std::string detail;  // "ABI 7", "EPERM: Operation not permitted", "sanitizer build"
};

enum class Level : std::uint8_t { none, partial, full };

// What lock_down achieved, one entry per layer, in the order of Layer.
struct State {
  std::vector<LayerState> layers;

  // full: every layer but the network namespace (seccomp alone refuses every new socket) is in
  // force; none: neither Landlock nor seccomp is; partial: anything between.
  Level level() const;
  // The layers not in force, as "landlock: ENOSYS: Function not implemented".
  std::vector<std::string> missing() const;
};

struct Options {
  // RLIMIT_AS in bytes: the whole address space, with what is loaded already.
  std::uint64_t max_memory = std::uint64_t{1} << 30;
  // RLIMIT_NOFILE: how many descriptors may be open at once.
  std::uint64_t max_descriptors = 64;
  // The descriptors that stay open: standard error, if nothing else.
  std::set<int> keep = {2};
  // The process with which this one must die; 0: lives on. When it is gone already, lock_down kills
  // the process. (The kernel means the *thread* that made this process.)
  pid_t parent = 0;
  // Layers to leave out. (The network namespace costs as much as all others
  // together, and is the one that State::level can do without.)
  std::set<Layer> without;
};

// Takes the layers, for good, from the calling process, which must have a single thread. What needs
// files, threads or more memory is done before. Never fails: what the kernel refuses is a layer not
// in force. A second call does nothing and returns the State of the first.
State lock_down(const Options& options);

// Lets the process use `time` more of the processor (rounded up to whole seconds), counted from
// now; then it is killed by SIGXCPU. May be called again and again, locked down or not.
void allow_cpu(std::chrono::seconds time);

std::string_view to_string(Layer layer);
std::string_view to_string(Level level);
std::optional<Layer> layer_from_string(std::string_view word);
std::optional<Level> level_from_string(std::string_view word);

}  // namespace assay::sandbox
