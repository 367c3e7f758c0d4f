// Documentation/userspace-api/landlock.rst of the kernel. The numbers are written out: Debian 12's
// headers know ABI 2 only.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "scanner/sandbox/layers.h"

namespace assay::sandbox {
namespace {

// struct landlock_ruleset_attr as of ABI 6; older kernels take it when what they lack is 0.
struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;
  std::uint64_t scoped = 0;
};

struct Abi {
  int version;
  RulesetAttributes handled;
};

constexpr std::uint64_t kFirstRights = (1U << 13) - 1;  // execute ... make_sym
constexpr std::uint64_t kRefer = 1U << 13;
constexpr std::uint64_t kTruncate = 1U << 14;
constexpr std::uint64_t kIoctlDevice = 1U << 15;
constexpr std::uint64_t kTcp = 0b11;    // bind, connect
constexpr std::uint64_t kScope = 0b11;  // abstract unix sockets, signals

constexpr std::uint64_t kFiles2 = kFirstRights | kRefer;
constexpr std::uint64_t kFiles3 = kFiles2 | kTruncate;
constexpr std::uint64_t kFiles5 = kFiles3 | kIoctlDevice;

// What each ABI can refuse; later ones add nothing that a ruleset names.
constexpr std::array kAbis = {Abi{6, {kFiles5, kTcp, kScope}}, Abi{5, {kFiles5, kTcp, 0}},
                              Abi{4, {kFiles3, kTcp, 0}},      Abi{3, {kFiles3, 0, 0}},
                              Abi{2, {kFiles2, 0, 0}},         Abi{1, {kFirstRights, 0, 0}}};

constexpr unsigned kAskVersion = 1;

RulesetAttributes handled_by(int version) {
  for (const Abi& abi : kAbis) {
    if (version >= abi.version) return abi.handled;
  }
  return {};
}

// A ruleset without rules refuses all that it handles. Returns 0 or the error.
int restrict_self(const RulesetAttributes& handled) {
  const long ruleset = ::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0U);
  if (ruleset < 0) return errno;
  const int error = ::syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0 ? 0 : errno;
  ::close(static_cast<int>(ruleset));
  return error;
}

}  // namespace

LayerState restrict_with_landlock() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, kAskVersion);
  if (version < 0) return {Layer::landlock, false, errno_text(errno)};
  const int error = restrict_self(handled_by(static_cast<int>(version)));
  if (error != 0) return {Layer::landlock, false, errno_text(error)};
  return {Layer::landlock, true, "ABI " + std::to_string(version)};
}

}  // namespace assay::sandbox
