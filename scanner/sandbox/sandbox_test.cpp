// What lock_down says and does, and that ordinary work goes on after it.
#include "scanner/sandbox/sandbox.h"

#include <fcntl.h>
#include <iconv.h>
#include <openssl/evp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/self_test.h"
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

// A socket pair; the far end has sent the descriptor `sent` as the parent of a worker does.
struct Delivery {
  explicit Delivery(int sent) {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    char byte = 'f';
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &sent, sizeof sent);
    sent_well = ::sendmsg(ends[1], &message, 0) == 1;
  }
  ~Delivery() {
    for (const int end : ends) ::close(end);
  }

  // The descriptor, or -1.
  int take() const {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    char byte = 0;
    iovec data{&byte, 1};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(ends[0], &message, MSG_CMSG_CLOEXEC) != 1) return -1;
    int received = -1;
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header != nullptr) std::memcpy(&received, CMSG_DATA(header), sizeof received);
    return received;
  }

  std::array<int, 2> ends{-1, -1};
  bool sent_well = false;
};

// An open file without a name.
int file_with(std::string_view content) {
  const int descriptor = ::memfd_create("content", MFD_CLOEXEC);
  if (::write(descriptor, content.data(), content.size()) < 0) return -1;
  return descriptor;
}

// A kernel that lacks these calls.
void refuse(std::initializer_list<int> calls) {
  const auto context = ::seccomp_init(SCMP_ACT_ALLOW);
  for (const int call : calls) ::seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0);
  if (::seccomp_load(context) != 0) ::_exit(8);
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  std::string hex;
  char pair[3];
  for (unsigned i = 0; i < size; ++i)
    hex.append(pair, std::snprintf(pair, sizeof pair, "%02x", digest[i]) > 0 ? 2 : 0);
  return hex;
}

std::string field(const std::string& status, const std::string& name) {
  std::istringstream lines(status);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return "";
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
    CHECK(limits.str().find("Max address space         1073741824           1073741824") !=
          std::string::npos);
    CHECK(limits.str().find("Max open files            64                   64") !=
          std::string::npos);
  }
  CHECK(in_force(Layer::no_new_privs));
  CHECK(in_force(Layer::capabilities));
  CHECK(in_force(Layer::descriptors));
  CHECK(in_force(Layer::seccomp) != kSanitizerBuild);
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

TEST_CASE("only the given descriptors stay open") {
  const int kept = file_with("kept");
  const int other = file_with("other");
  Options options;
  options.keep.insert(kept);
  const Ended ended = in_locked_child(options, [&] {
    char byte = 0;
    const bool reads = ::pread(kept, &byte, 1, 0) == 1 && byte == 'k';
    const bool closed = ::pread(other, &byte, 1, 0) == -1 && errno == EBADF;
    return std::string(reads && closed ? "well" : "badly");
  });
  ::close(kept);
  ::close(other);
  CHECK(ended.said == "well");
}

TEST_CASE("a locked worker reads a file whose descriptor it is sent") {
  const int file = file_with("abc");
  const Delivery delivery(file);
  REQUIRE(delivery.sent_well);
  Options options;
  options.keep.insert(delivery.ends[0]);
  const Ended ended = in_locked_child(options, [&] {
    const int received = delivery.take();
    struct stat found{};
    char text[4] = {};
    if (::fstat(received, &found) != 0) return std::string("fstat ") + errno_text(errno);
    if (::lseek(received, 0, SEEK_END) != 3) return std::string("lseek");
    if (::pread(received, text, 3, 0) != 3) return std::string("pread");
    ::close(received);
    if (::send(delivery.ends[0], "done", 4, MSG_NOSIGNAL) != 4) return std::string("send");
    return std::string(text) + std::to_string(found.st_size);
  });
  ::close(file);
  CHECK(ended.exited());
  CHECK(ended.said == "abc3");
  char answer[5] = {};
  CHECK(::recv(delivery.ends[1], answer, 4, MSG_DONTWAIT) == 4);
  CHECK(std::string(answer) == "done");
}

TEST_CASE("fstat keeps its own answers in the sandbox") {
  ASSAY_NEEDS_LAYER(Layer::seccomp);
  const Ended ended = in_locked_child({}, [] {
    struct stat found{};
    errno = 0;
    const bool fails = ::fstat(63, &found) == -1 && errno == EBADF;
    const bool no_folder =
        ::syscall(SYS_newfstatat, AT_FDCWD, "", &found, AT_EMPTY_PATH) == -1 && errno == EBADF;
    const bool no_flag = ::syscall(SYS_newfstatat, 2, "", &found, 0) == -1 && errno == EACCES;
    return std::string(fails && no_folder && no_flag ? "well" : "badly");
  });
  CHECK(ended.said == "well");
}

TEST_CASE("memory, exceptions, digests and sorting work in the sandbox") {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  REQUIRE(sha256_hex("abc") == abc);  // and initialises OpenSSL, as a worker does before
  const Ended ended = in_locked_child({}, [&] {
    std::string trouble;
    std::vector<char> memory(50 << 20, 'x');
    if (std::accumulate(memory.begin(), memory.end(), std::int64_t{0}) == 0) trouble += "memory ";
    memory.resize(100 << 20);
    try {
      throw std::runtime_error("caught");
    } catch (const std::exception& error) {
      if (std::string(error.what()) != "caught") trouble += "exception ";
    }
    if (sha256_hex("abc") != abc) trouble += "digest ";
    std::vector<int> numbers(1 << 20);
    std::iota(numbers.rbegin(), numbers.rend(), 0);
    std::qsort(numbers.data(), numbers.size(), sizeof(int), [](const void* a, const void* b) {
      return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
    if (!std::is_sorted(numbers.begin(), numbers.end())) trouble += "sort ";
    return trouble + "end";
  });
  CHECK(ended.exited());
  CHECK(ended.said == "end");
}

TEST_CASE("a worker out of memory gets bad_alloc, not a signal") {
  ASSAY_NEEDS_LAYER(Layer::limits);
  const Ended ended = in_locked_child({.max_memory = 128 << 20}, [] {
    const auto asks_for = [](std::size_t size) {
      try {
        return std::make_unique<char[]>(size) == nullptr;
      } catch (const std::bad_alloc&) {
        return true;
      }
    };
    std::vector<std::unique_ptr<char[]>> small;
    try {
      for (;;) small.push_back(std::make_unique<char[]>(1000));
    } catch (const std::bad_alloc&) {
      small.clear();
    }
    return std::string(asks_for(std::size_t{1} << 30) ? "refused" : "given");
  });
  CHECK(ended.exited());
  CHECK(ended.said == "refused");
}

TEST_CASE("libraries that look for files in the sandbox go on without") {
  const Ended ended = in_locked_child({}, [] {
    const auto converter = ::iconv_open("UTF-8", "CP932");
    if (reinterpret_cast<std::intptr_t>(converter) != -1) ::iconv_close(converter);
    const bool none = std::fopen("/etc/localtime", "r") == nullptr && errno == EACCES;
    return std::string(::isatty(2) == 0 && none ? "went on" : "badly");
  });
  CHECK(ended.exited());
  CHECK(ended.said == "went on");
}

TEST_CASE("a write to a file is refused without killing the writer") {
  const int file = file_with("");
  Options options{.without = {Layer::seccomp, Layer::landlock}};
  options.keep.insert(file);
  const Ended ended = in_locked_child(options, [&] {
    return ::write(file, "x", 1) == -1 ? errno_text(errno) : std::string("written");
  });
  ::close(file);
  CHECK(ended.said == "EFBIG: File too large");
}

TEST_CASE("the processor time allowed counts from now") {
  const Ended ended = in_locked_child({}, [] {
    allow_cpu(1000s);
    allow_cpu(0s);
    return attempt(Attempt::loop, 0).detail;
  });
  CHECK(ended.signal() == SIGXCPU);
  CHECK(ended.said.empty());
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
