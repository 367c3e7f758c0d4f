#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

LayerState from_result(Layer layer, int result) {
  if (result == 0) return {layer, true, ""};
  return {layer, false, errno_text(errno)};
}

// The set that bounds what an execve may give. Returns the first refusal, or 0.
int drop_bounding_set() {
  int error = 0;
  for (unsigned long capability = 0;; ++capability) {
    const int held = ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (held < 0) return error;  // past the last one this kernel knows
    if (held == 0 || ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    if (error == 0) error = errno;
  }
}

}  // namespace

LayerState close_descriptors(const std::set<int>& keep) {
  unsigned next = 0;
  int result = 0;
  for (const int kept : keep) {
    if (kept < 0) continue;
    const auto descriptor = static_cast<unsigned>(kept);
    if (descriptor > next) result |= ::close_range(next, descriptor - 1, 0);
    next = descriptor + 1;
  }
  result |= ::close_range(next, std::numeric_limits<unsigned>::max(), 0);
  return from_result(Layer::descriptors, result);
}

LayerState leave_network() {
  if (::unshare(CLONE_NEWNET) == 0) return {Layer::network_namespace, true, ""};
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
    return {Layer::network_namespace, true, "in a user namespace"};
  }
  return {Layer::network_namespace, false, errno_text(errno)};
}

LayerState renounce_privileges() {
  return from_result(Layer::no_new_privs, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

LayerState drop_capabilities() {
  // Without privilege it stays; no_new_privs makes it void.
  const int bounding = drop_bounding_set();
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> nothing{};
  const long result = ::syscall(SYS_capset, &header, nothing.data());
  LayerState state = from_result(Layer::capabilities, static_cast<int>(result));
  if (state.in_force && bounding != 0) state.detail = "bounding set kept: " + errno_text(bounding);
  return state;
}

LayerState hide_memory() {
  return from_result(Layer::not_dumpable, ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

}  // namespace assay::sandbox
