#include "tests/faults/faulty_format.h"

#include <linux/futex.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/parse_context.h"
#include "scanner/worker/record.h"
#include "scanner/worker/worker_main.h"

namespace assay::test {
namespace {

constexpr std::string_view kMagic = "ASSAY FAULT ";

void say(std::string_view bytes) {
  (void)send(kWorkerSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// A chain through a pointer: the compiler must not see that it never ends.
using Overflow = void (*)(volatile char*, void*);
void overflow_stack(volatile char* above, void* self) {
  volatile char here[4096] = {*above};
  Overflow next = nullptr;
  std::memcpy(&next, self, sizeof next);
  next(here, self);
  above[0] = here[0];
}

void take_memory() {
  std::vector<std::vector<char>> taken;
  for (;;) taken.emplace_back(64 << 20, 'x');
}

std::atomic<int> g_never = 0;

void sleep_for_ever() {
  while (g_never.load() == 0)
    syscall(SYS_futex, &g_never, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
}

struct Text final : wire::ByteSink {
  void append(std::string_view bytes) override { text.append(bytes); }
  std::string text;
};

// Answers for the files deaf-0001.bin, deaf-0002.bin, ... in turn, and takes no
// order any more. It is deaf-0000.bin itself, and file number 1.
void answer_unasked(ParseContext& context) {
  Text out;
  wire::RecordWriter writer(out);
  writer.begin_artifact(context.name());
  writer.begin_attempt("faulty");
  writer.fact({0, 4, Import{"os", "system"}});
  writer.accept("faulty");
  writer.end_artifact(0, "");
  writer.done(1);
  say(out.text);
  for (std::uint64_t i = 1; i < 5000; ++i) {
    out.text.clear();
    const std::string digits = std::to_string(10'000 + i).substr(1);
    writer.begin_artifact("deaf-" + digits + ".bin");
    writer.end_artifact(0, "");
    writer.done(1 + i);
    say(out.text);
    const timespec pause{0, 3'000'000};
    syscall(SYS_futex, &g_never, FUTEX_WAIT_PRIVATE, 0, &pause, nullptr, 0);
  }
  sleep_for_ever();
}

const std::map<std::string, void (*)(ParseContext&), std::less<>> kFaults{
    {"segv", [](ParseContext&) { std::raise(SIGSEGV); }},
    {"abort", [](ParseContext&) { std::abort(); }},
    {"exit", [](ParseContext&) { _exit(0); }},
    {"stack",
     [](ParseContext&) {
       char byte = 0;
       Overflow self = overflow_stack;
       overflow_stack(&byte, &self);
     }},
    {"shout",
     [](ParseContext&) {
       if (write(STDERR_FILENO, "\x1b]0;shout\a", 10) < 0) return;
       if (write(STDOUT_FILENO, "\x1b]0;shout\a", 10) < 0) return;
     }},
    {"throw", [](ParseContext&) { throw std::runtime_error("thrown"); }},
    {"memory", [](ParseContext&) { take_memory(); }},
    {"open", [](ParseContext&) { (void)execl("/bin/true", "true", nullptr); }},
    {"deaf", answer_unasked},
    {"wait", [](ParseContext&) { sleep_for_ever(); }},
    {"spin",
     [](ParseContext&) {
       while (g_never.load() == 0) {
       }
     }},
    {"slow",
     [](ParseContext& context) {
       while (!context.budget().stopped()) {
       }
     }},
    {"nonsense", [](ParseContext&) { say(std::string(100, '\xff')); }},
    {"early-done", [](ParseContext&) { say(std::string("\x08\0\0\0\x08\1\0\0\0\0\0\0\0", 13)); }},
    {"flood",
     [](ParseContext&) {
       for (const std::string junk(60'000, '\6');;) say(junk);
     }},
    {"flood-facts",
     [](ParseContext&) {
       // Whole records of a gap: offset, code and message are right, their number is not.
       const std::string gap("\x0d\0\0\0\7\1\0\0\0\0\0\0\0\0\0\0\0\0", 18);
       std::string many;
       for (int i = 0; i < 3000; ++i) many += gap;
       for (;;) say(many);
     }},
};

std::string_view word_in(Bytes head) {
  const std::string_view text = as_text(head);
  if (!text.starts_with(kMagic)) return {};
  return text.substr(kMagic.size(), text.find('\n') - kMagic.size());
}

Confidence identify(const Probe& probe) {
  return word_in(probe.head).empty() ? Confidence::none : Confidence::certain;
}

Parsed<void> parse(ParseContext& context) {
  const ByteView head = context.source().view(0, 64);
  const auto fault = kFaults.find(word_in(head.bytes()));
  if (fault == kFaults.end()) return {};
  // Found before the fault, and to be found in the report.
  context.fact(0, 4, Import{"os", "system"});
  fault->second(context);
  return {};
}

}  // namespace

const Format faulty_format{"faulty", identify, parse};

}  // namespace assay::test
