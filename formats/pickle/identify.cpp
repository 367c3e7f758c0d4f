#include "formats/pickle/identify.h"

#include <algorithm>

#include "core/text.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/torch_legacy.h"

namespace assay::pickle {
namespace {

struct Outcome {
  bool stopped = false;  // reached a STOP, and what is behind it goes on likewise
  bool ran_off = false;  // reached the end of what there was to see
  std::uint64_t opcodes = 0;
  std::uint64_t first = 0;  // opcodes of the first pickle, if it reached its STOP
  std::uint64_t whole = 0;  // bytes up to the last STOP reached
  std::uint64_t calls = 0;
  std::uint64_t imports = 0;
};

bool is_pickle_name(std::string_view name) {
  constexpr std::string_view kExtensions[] = {".pkl",  ".pickle", ".p",    ".pk",     ".joblib",
                                              ".pt",   ".pth",    ".ckpt", ".bin",    ".sav",
                                              ".dill", ".model",  ".dat",  ".cpickle"};
  return std::ranges::find(kExtensions, extension_of(name)) != std::end(kExtensions);
}

// Walks pickle after pickle to the end of `head`, telling nobody.
Outcome walk_head(Bytes head, bool more) {
  MemorySource source(head);
  Budget budget;
  Session session(nullptr, source, budget, 0);
  SourceReader in(source);
  Outcome outcome;
  do {
    Machine machine(in, session, Machine::Loader::joblib);
    const auto value = machine.run();
    outcome.stopped = value.has_value();
    if (outcome.stopped) outcome.whole = in.offset();
    if (outcome.stopped && outcome.first == 0) outcome.first = session.opcodes;
    outcome.ran_off = !value && value.error().code == ParseErrc::truncated;
  } while (outcome.stopped && !in.at_end());
  outcome.ran_off = outcome.ran_off || (outcome.stopped && more);
  outcome.opcodes = session.opcodes;
  outcome.calls = session.calls.call_count();
  outcome.imports = session.calls.plausible_count();
  return outcome;
}

// The number that legacy torch files of protocols 0 and 1 begin with, or so much
// of it as is no other number by chance.
bool begins_as_torch(Bytes head) {
  constexpr std::size_t kEnough = 12;
  const std::size_t size = std::min(head.size(), kMagicLine.size());
  return size >= kEnough && starts_with(head, kMagicLine.substr(0, size));
}

Confidence judge(const Outcome& seen, Bytes head, bool more, std::string_view name) {
  constexpr auto kProto = static_cast<std::byte>(Opcode::PROTO);
  const bool runs = seen.calls > 0 && seen.imports > 0;
  if (head[0] == kProto && head.size() > 1 && head[1] <= std::byte{5}) {
    constexpr std::uint64_t kEnough = 4;           // opcodes that chance hardly gives
    const bool written = head[1] >= std::byte{2};  // lower protocols have no PROTO
    const bool sure = seen.stopped || seen.imports > 0 || (written && seen.opcodes >= kEnough) ||
                      (written && seen.ran_off && (seen.opcodes > 2 || is_pickle_name(name)));
    return sure ? Confidence::certain : Confidence::possible;
  }
  constexpr std::uint64_t kWords = 8;  // opcodes to a STOP that no prose gives
  if ((runs && seen.stopped) || begins_as_torch(head)) return Confidence::certain;
  const bool hinted = is_pickle_name(name) && seen.imports > 0;
  // What runs off the end of a head that is all there is was cut: of text that
  // happens, so it takes a call to be worth telling.
  const bool goes_on = seen.stopped || seen.first >= kWords || (seen.ran_off && more);
  return runs || goes_on || hinted ? Confidence::possible : Confidence::none;
}

}  // namespace

Trial trial(Bytes head, bool more, std::string_view name) {
  if (head.empty() || info_of(static_cast<std::uint8_t>(head[0])).name.empty()) return {};
  // A zip begins like a PERSID; no loader that is known takes such an id.
  if (starts_with(head, "PK\x03\x04") || starts_with(head, "PK\x05\x06")) return {};
  const Outcome seen = walk_head(head, more);
  return {judge(seen, head, more, name), seen.whole, seen.ran_off};
}

}  // namespace assay::pickle
