// Ordinary work goes on in the sandbox, within its limits.
#include <fcntl.h>
#include <iconv.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "scanner/sandbox/layers.h"
#include "scanner/sandbox/self_test.h"
#include "scanner/sandbox/test_child.h"

using namespace assay::sandbox;
using namespace assay::sandbox::test;
using namespace std::chrono_literals;

namespace {

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

}  // namespace

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
        // volatile: an allocation without use may be left out.
        char* volatile memory = new char[size];
        delete[] memory;
        return false;
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
