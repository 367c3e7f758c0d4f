// What lock_down says, and that it is so.
#include "scanner/sandbox/sandbox.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/test_child.h"

using namespace assay::sandbox;
using namespace assay::sandbox::test;
using namespace std::chrono_literals;

namespace {

State all_in_force_but(const std::set<Layer>& gone) {
  State state;
  for (const Layer layer : all_layers())
    state.layers.push_back({layer, !gone.contains(layer), "x"});
  return state;
}

std::string joined(const State& state) {
  std::string text;
  for (const LayerState& layer : state.layers) {
    text += std::string(to_string(layer.layer)) + (layer.in_force ? " in force " : " missing ") +
            layer.detail + "\n";
  }
  return text;
}

// A kernel that lacks these calls.
void refuse(std::initializer_list<int> calls) {
  const auto context = ::seccomp_init(SCMP_ACT_ALLOW);
  for (const int call : calls) ::seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0);
  if (::seccomp_load(context) != 0) ::_exit(8);
}

std::string field(const std::string& status, const std::string& name) {
  std::istringstream lines(status);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return "";
}

// Of /proc/PID/limits: the soft limit, which must be the hard one as well.
std::uint64_t hard_limit(const std::string& limits, const std::string& name) {
  std::istringstream line(limits.substr(limits.find(name) + name.size()));
  std::string soft;
  std::string hard;
  line >> soft >> hard;
  return soft == hard && soft != "unlimited" ? std::stoull(hard) : UINT64_MAX;
}

}  // namespace

TEST_CASE("layers and levels come back from their words") {
  for (const Layer layer : all_layers()) {
    CAPTURE(to_string(layer));
    CHECK(layer_from_string(to_string(layer)) == layer);
  }
  for (const Level level : {Level::none, Level::partial, Level::full}) {
    CHECK(level_from_string(to_string(level)) == level);
  }
  CHECK_FALSE(layer_from_string("Landlock"));
  CHECK_FALSE(level_from_string(""));
}

TEST_CASE("the level is the worst of what is missing, the network namespace aside") {
  CHECK(all_in_force_but({}).level() == Level::full);
  CHECK(all_in_force_but({Layer::network_namespace}).level() == Level::full);
  CHECK(all_in_force_but({Layer::network_namespace}).missing() ==
        std::vector<std::string>{"network-namespace: x"});
  CHECK(all_in_force_but({Layer::landlock}).level() == Level::partial);
  CHECK(all_in_force_but({Layer::seccomp}).level() == Level::partial);
  CHECK(all_in_force_but({Layer::limits}).level() == Level::partial);
  CHECK(all_in_force_but({Layer::landlock, Layer::seccomp}).level() == Level::none);
  CHECK(State{}.level() == Level::none);
}

TEST_CASE("what lock_down calls in force the kernel confirms") {
  int wait[2];
  REQUIRE(::pipe(wait) == 0);
  int said[2];
  REQUIRE(::pipe(said) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Options options;
    options.keep = {2, wait[0], said[1]};
    say(said[1], joined(lock_down(options)) + "end");
    char byte;
    ::_exit(::read(wait[0], &byte, 1) == 1 ? 0 : 1);
  }
  std::string state;
  for (char byte; !state.ends_with("end") && ::read(said[0], &byte, 1) == 1;) state += byte;
  std::ostringstream text;
  const std::string process = "/proc/" + std::to_string(child);
  text << std::ifstream(process + "/status").rdbuf();
  std::ostringstream limits;
  limits << std::ifstream(process + "/limits").rdbuf();
  CHECK(::write(wait[1], "x", 1) == 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  for (const int descriptor : {wait[0], wait[1], said[0], said[1]}) ::close(descriptor);
  CAPTURE(state, text.str(), limits.str());
  CHECK(status == 0);
  const auto in_force = [&](Layer layer) {
    return state.find(std::string(to_string(layer)) + " in force") != std::string::npos;
  };
  if (in_force(Layer::no_new_privs)) CHECK(field(text.str(), "NoNewPrivs") == "1");
  if (in_force(Layer::seccomp)) CHECK(field(text.str(), "Seccomp") == "2");
  if (in_force(Layer::capabilities)) {
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
      CHECK(field(text.str(), set) == "0000000000000000");
    }
  }
  if (in_force(Layer::limits)) {
    CHECK(hard_limit(limits.str(), "Max address space") <= 1 << 30);
    CHECK(hard_limit(limits.str(), "Max open files") <= 64);
    CHECK(hard_limit(limits.str(), "Max file size") == 0);
  }
  CHECK(in_force(Layer::no_new_privs));
  CHECK(in_force(Layer::capabilities));
  CHECK(in_force(Layer::descriptors));
  if (::prctl(PR_GET_SECCOMP) >= 0) CHECK(in_force(Layer::seccomp) != kSanitizerBuild);
  const bool has_landlock = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) > 0;
  CHECK(in_force(Layer::landlock) == has_landlock);
  if (const std::string gone = missing_here(); !gone.empty()) WARN("missing here: " + gone);
}

TEST_CASE("a second lock_down changes nothing and says the same") {
  const Ended ended = in_locked_child({}, [] {
    const std::string first = joined(lock_down({}));
    return first == joined(lock_down({.max_memory = 1})) && !first.empty() ? "same" : "differs";
  });
  CHECK(ended.exited());
  CHECK(ended.said == "same");
}

TEST_CASE("layers left out are missing, and say so") {
  const std::set<Layer> all(all_layers().begin(), all_layers().end());
  const Ended ended = in_child([&](int descriptor) {
    const State state = lock_down({.without = all});
    say(descriptor, std::string(to_string(state.level())) + " " + state.missing().back());
  });
  CHECK(ended.said == "none seccomp: left out");
}

TEST_CASE("a kernel without Landlock, namespaces or close_range gives a partial sandbox") {
  const Ended ended = in_child([](int descriptor) {
    refuse({SCMP_SYS(landlock_create_ruleset), SCMP_SYS(unshare), SCMP_SYS(close_range)});
    const State state = lock_down({.without = {Layer::limits, Layer::seccomp}});
    for (const std::string& line : state.missing()) say(descriptor, line + "\n");
  });
  CHECK(ended.said ==
        "descriptors: ENOSYS: Function not implemented\n"
        "network-namespace: ENOSYS: Function not implemented\n"
        "landlock: ENOSYS: Function not implemented\n"
        "limits: left out\n"
        "seccomp: left out\n");
}

TEST_CASE("without Landlock and seccomp there is no sandbox, whatever else holds") {
  const Ended ended = in_child([](int descriptor) {
    refuse({SCMP_SYS(landlock_create_ruleset), SCMP_SYS(seccomp), SCMP_SYS(prctl)});
    Options options;
    options.keep.insert(descriptor);
    const State state = lock_down(options);
    say(descriptor, std::string(to_string(state.level())) + ", " + state.missing().back());
  });
  CHECK(ended.exited());
  CHECK(ended.said == (kSanitizerBuild ? "none, seccomp: sanitizer build"
                                       : "none, seccomp: ENOSYS: Function not implemented"));
}

TEST_CASE("seccomp without Landlock is a partial sandbox, and so is the reverse") {
  ASSAY_NEEDS_LAYER(Layer::seccomp);
  ASSAY_NEEDS_LAYER(Layer::landlock);
  const Layer gone = GENERATE(Layer::landlock, Layer::seccomp);
  const Ended ended = in_locked_child({.without = {gone}},
                                      [] { return std::string(to_string(lock_down({}).level())); });
  CHECK(ended.said == "partial");
}

TEST_CASE("a call by another architecture's number ends the process") {
  ASSAY_NEEDS_LAYER(Layer::seccomp);
  const Ended ended = in_locked_child({}, [] {
    constexpr long kX32 = 0x40000000;
    return std::to_string(::syscall(kX32 | SYS_getpid));
  });
  CHECK(ended.signal() == SIGSYS);
}

TEST_CASE("a process whose parent is gone already does not go on") {
  const Ended ended = in_locked_child({.parent = 1}, [] { return std::string("went on"); });
  CHECK(ended.signal() == SIGKILL);
  CHECK(ended.said.empty());
}

TEST_CASE("a locked process dies with its parent") {
  const Ended ended = in_child([](int descriptor) {
    int ready[2];
    if (::pipe(ready) != 0) ::_exit(1);
    const pid_t parent = ::getpid();
    if (::fork() == 0) {
      Options options{.parent = parent};
      options.keep.insert({descriptor, ready[1]});
      lock_down(options);
      say(descriptor, "locked ");
      say(ready[1], "r");
      const auto end = std::chrono::steady_clock::now() + 10s;
      while (std::chrono::steady_clock::now() < end) continue;
      say(descriptor, "lived on");
      ::_exit(0);
    }
    char byte;
    if (::read(ready[0], &byte, 1) != 1) ::_exit(1);
  });
  // The line to us closes when the locked process is dead, too.
  CHECK(ended.exited());
  CHECK(ended.said == "locked ");
}
