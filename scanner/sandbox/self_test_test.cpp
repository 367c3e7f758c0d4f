// Every attempt, against all layers together and against single ones.
#include "scanner/sandbox/self_test.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <vector>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/test_child.h"

using namespace assay::sandbox;
using namespace assay::sandbox::test;
using namespace std::chrono_literals;

namespace {

std::string text_of(const AttemptResult& result) {
  return (result.refused ? "refused " : "got ") + result.detail;
}

// All layers but these.
Options only(const std::set<Layer>& layers) {
  Options options;
  for (const Layer layer : all_layers()) {
    if (!layers.contains(layer)) options.without.insert(layer);
  }
  return options;
}

Ended tried(Attempt what, const Options& options) {
  const pid_t victim = ::getpid();
  return in_locked_child(options, [=] {
    if (what == Attempt::loop) allow_cpu(0s);
    return text_of(attempt(what, victim));
  });
}

// How an attempt ends in the whole sandbox: a signal, or the error it is given.
struct Row {
  Attempt what;
  int signal;
  std::string said;
};

const std::vector<Row> kWhole = {{Attempt::open_file, 0, "refused EACCES"},
                                 {Attempt::create_file, 0, "refused EACCES"},
                                 {Attempt::look_up_file, 0, "refused EACCES"},
                                 {Attempt::connect, SIGSYS, ""},
                                 {Attempt::execute, SIGSYS, ""},
                                 {Attempt::fork, SIGSYS, ""},
                                 {Attempt::trace_process, SIGSYS, ""},
                                 {Attempt::signal_process, SIGSYS, ""},
                                 {Attempt::map_executable, SIGSYS, ""},
                                 {Attempt::make_executable, SIGSYS, ""},
                                 {Attempt::use_io_uring, SIGSYS, ""},
                                 {Attempt::raise_limits, 0, "refused EPERM"},
                                 {Attempt::allocate, 0, "refused ENOMEM"},
                                 {Attempt::loop, SIGXCPU, ""},
                                 {Attempt::crash, SIGSEGV, ""},
                                 {Attempt::abort, SIGABRT, ""}};

void check(const Row& row, const Ended& ended) {
  CAPTURE(to_string(row.what), ended.status, ended.said);
  CHECK(ended.signal() == row.signal);
  CHECK(ended.said.starts_with(row.said));
  if (row.signal != 0) CHECK(ended.said.empty());
}

}  // namespace

TEST_CASE("attempts come back from their words") {
  CHECK(all_attempts().size() == kWhole.size());
  for (const Attempt what : all_attempts()) {
    CAPTURE(to_string(what));
    CHECK(attempt_from_string(to_string(what)) == what);
  }
  CHECK_FALSE(attempt_from_string("open"));
}

TEST_CASE("in the whole sandbox every attempt is refused or ends the process") {
  ASSAY_NEEDS_LAYER(Layer::seccomp);
  for (const Row& row : kWhole) check(row, tried(row.what, {}));
}

TEST_CASE("an ordinary user's process is locked as well") {
  ASSAY_NEEDS_LAYER(Layer::seccomp);
  if (::geteuid() != 0) {
    WARN("skipped, the tests run as an ordinary user already");
    return;
  }
  const pid_t victim = ::getpid();
  for (const Row& row : kWhole) {
    check(row, in_child([&](int descriptor) {
            if (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0 ||
                ::setresuid(65534, 65534, 65534) != 0) {
              ::_exit(1);
            }
            Options options;
            options.keep.insert(descriptor);
            const State state = lock_down(options);
            for (const LayerState& layer : state.layers) {
              const bool optional =
                  layer.layer == Layer::network_namespace || layer.layer == Layer::landlock;
              if (!layer.in_force && !optional) ::_exit(2);
            }
            if (row.what == Attempt::loop) allow_cpu(0s);
            say(descriptor, text_of(attempt(row.what, victim)));
          }));
  }
}

TEST_CASE("without any layer the attempts succeed") {
  const Attempt what = GENERATE(Attempt::open_file, Attempt::create_file, Attempt::look_up_file,
                                Attempt::connect, Attempt::fork, Attempt::signal_process,
                                Attempt::map_executable, Attempt::make_executable);
  const Ended ended = tried(what, only({}));
  CAPTURE(to_string(what), ended.said);
  CHECK(ended.said.starts_with("got "));
}

TEST_CASE("Landlock alone refuses files, programs, TCP and other processes") {
  ASSAY_NEEDS_LAYER(Layer::landlock);
  const Options options = only({Layer::no_new_privs, Layer::landlock});
  for (const Attempt what : {Attempt::open_file, Attempt::create_file, Attempt::execute}) {
    check({what, 0, "refused EACCES"}, tried(what, options));
  }
  check({Attempt::trace_process, 0, "refused EPERM"}, tried(Attempt::trace_process, options));
  const Ended asked = in_child([&](int descriptor) {
    Options asking = options;
    asking.keep.insert(descriptor);
    for (const LayerState& state : lock_down(asking).layers) {
      if (state.layer == Layer::landlock) say(descriptor, state.detail);
    }
  });
  REQUIRE(asked.said.starts_with("ABI "));
  const int abi = std::stoi(asked.said.substr(4));
  if (abi >= 4) {
    check({Attempt::connect, 0, "refused EACCES"}, tried(Attempt::connect, options));
  } else {
    WARN("this kernel's Landlock knows no TCP: " + asked.said);
  }
  if (abi >= 6) {
    check({Attempt::signal_process, 0, "refused EPERM"}, tried(Attempt::signal_process, options));
  } else {
    WARN("this kernel's Landlock knows no signals: " + asked.said);
  }
}

TEST_CASE("the limits alone refuse memory, and an ordinary user a process") {
  ASSAY_NEEDS_LAYER(Layer::limits);
  const Options options = only({Layer::limits, Layer::capabilities});
  check({Attempt::allocate, 0, "refused ENOMEM"}, tried(Attempt::allocate, options));
  check({Attempt::raise_limits, 0, "refused EPERM"}, tried(Attempt::raise_limits, options));
  if (::geteuid() != 0) {
    check({Attempt::fork, 0, "refused EAGAIN"}, tried(Attempt::fork, options));
    return;
  }
  const Ended ended = in_child([&](int descriptor) {
    if (::setresuid(65534, 65534, 65534) != 0) ::_exit(1);
    lock_down(options);
    say(descriptor, text_of(attempt(Attempt::fork, 0)));
  });
  check({Attempt::fork, 0, "refused EAGAIN"}, ended);
}

TEST_CASE("the limit of descriptors holds") {
  const Ended ended = in_locked_child(only({Layer::limits}), [] {
    int last = 0;
    while (last >= 0 && last < 100) last = ::dup(2);
    return last < 0 ? errno_text(errno) : std::string("more than 64");
  });
  CHECK(ended.said == "EMFILE: Too many open files");
}

TEST_CASE("the network namespace alone leaves no network") {
  ASSAY_NEEDS_LAYER(Layer::network_namespace);
  check({Attempt::connect, 0, "refused ENETUNREACH"},
        tried(Attempt::connect, only({Layer::network_namespace})));
}

TEST_CASE("a process whose memory is hidden cannot be dumped") {
  const Ended ended = in_locked_child(only({Layer::not_dumpable}),
                                      [] { return std::to_string(::prctl(PR_GET_DUMPABLE)); });
  CHECK(ended.said == "0");
}
