#include "scanner/sandbox/sandbox.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

LayerState take(Layer layer, const Options& options) {
  switch (layer) {
    case Layer::descriptors:
      return close_descriptors(options.keep);
    case Layer::network_namespace:
      return leave_network();
    case Layer::no_new_privs:
      return renounce_privileges();
    case Layer::landlock:
      return restrict_with_landlock();
    case Layer::capabilities:
      return drop_capabilities();
    case Layer::not_dumpable:
      return hide_memory();
    case Layer::limits:
      return limit_resources(options);
    case Layer::seccomp:
      return filter_calls();
  }
  return {layer, false, "unknown"};
}

// A parent that died before the request sends no signal any more; the process then has another one.
void die_with(pid_t parent) {
  if (parent == 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::kill(::getpid(), SIGKILL);
}

State take_all(const Options& options) {
  State state;
  for (const Layer layer : all_layers()) {
    // Only now: the kernel forgets the death signal when the credentials change.
    if (layer == Layer::seccomp) die_with(options.parent);
    state.layers.push_back(options.without.contains(layer) ? LayerState{layer, false, "left out"}
                                                           : take(layer, options));
  }
  return state;
}

}  // namespace

std::string errno_text(int error) {
  const char* name = ::strerrorname_np(error);
  const char* description = ::strerrordesc_np(error);
  if (name == nullptr || description == nullptr) return "error " + std::to_string(error);
  return std::string(name) + ": " + description;
}

State lock_down(const Options& options) {
  // Once locked, the calls that lock are refused themselves.
  static const State state = take_all(options);
  return state;
}

}  // namespace assay::sandbox
