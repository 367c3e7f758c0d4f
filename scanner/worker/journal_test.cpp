#include "scanner/worker/journal.h"

#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>

using namespace assay;

namespace {

struct Pair {
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0); }
  ~Pair() {
    for (const int end : ends) FileDescriptor closes(end);
  }
  std::string received() {
    std::string all;
    std::array<char, 1 << 16> buffer{};
    ssize_t got = 0;
    while ((got = recv(ends[1], buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  std::array<int, 2> ends{};
};

std::string numbered(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 256);
  return text;
}

}  // namespace

TEST_CASE("words that were not sent are found in the shared memory") {
  auto shared = SharedJournal::create();
  REQUIRE(shared);
  Pair pair;
  Journal journal(shared->memory(), pair.ends[0]);
  journal.append("sent");
  journal.flush();
  journal.append("kept");
  CHECK(pair.received() == "sent");
  CHECK(shared->unsent(4) == "kept");
  CHECK(shared->unsent(0) == "sentkept");
  CHECK(shared->unsent(8).empty());
}

TEST_CASE("words of any length arrive whole and in order, round the ring's end as well") {
  auto shared = SharedJournal::create();
  REQUIRE(shared);
  Pair pair;
  const std::string words = numbered(5 * JournalMemory::kSize + 123);
  std::string got;
  {
    Journal journal(shared->memory(), pair.ends[0]);
    std::jthread writer([&] {
      for (std::size_t at = 0; at < words.size(); at += 999) journal.append(words.substr(at, 999));
    });
    while (got.size() + JournalMemory::kSize < words.size()) got += pair.received();
  }
  got += pair.received();
  got += shared->unsent(got.size());
  CHECK(got == words);
}

TEST_CASE("counts that make no sense give no words") {
  auto shared = SharedJournal::create();
  REQUIRE(shared);
  shared->memory().written = JournalMemory::kSize + 11;
  CHECK(shared->unsent(10).empty());
  CHECK(shared->unsent(JournalMemory::kSize + 12).empty());
  CHECK(shared->unsent(11).size() == JournalMemory::kSize);
  shared->memory().written = ~std::uint64_t{0};
  CHECK(shared->unsent(0).empty());
}
