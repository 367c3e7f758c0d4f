#pragma once

#include <algorithm>
#include <cstdint>
#include <set>

#include "core/parse_context.h"

namespace assay::pickle {

// Which bytes of a pickle stream can bear code or text, told to the context as
// runs. Left out are raw array bytes of joblib, raw torch storages, bytes payloads of
// kLargePayload or more, which are array data unless a call other than an object's own
// state gets them, and long stretches of opcodes with nothing new in them: numbers,
// containers, and names, texts and calls that stood in the stream before.
class CodeRegions {
 public:
  static constexpr std::uint64_t kLargePayload = 1U << 20;
  static constexpr std::uint64_t kLeastText = 4;   // what is shorter bears no code
  static constexpr std::uint64_t kStretch = 4096;  // stretches longer than this are left out,
  static constexpr std::uint64_t kAround = 256;    // but for so much at both ends

  CodeRegions(ParseContext* context, std::uint64_t start)
      : context_(context), start_(start), news_end_(start) {}

  // In [offset, offset + size), not before what was noted last, something new stands.
  void note(std::uint64_t offset, std::uint64_t size) {
    if (offset > news_end_ + kStretch) [[unlikely]]
      begin_anew(offset - kAround);
    news_end_ = std::max(news_end_, offset + size);
  }

  // [offset, offset + size) is raw data.
  void leave_out(std::uint64_t offset, std::uint64_t size) {
    tell(offset);
    start_ = news_end_ = offset + size;
  }

  // A large payload after all goes to a call: it may be anything.
  void take_in(std::uint64_t offset, std::uint64_t size) {
    if (!context_ || taken_in_.size() >= kMaxTakenIn || !taken_in_.insert(offset).second) return;
    context_->code_bytes(offset, size);
  }

  // The stream ends at `end`.
  void finish(std::uint64_t end) { tell(end); }

 private:
  static constexpr std::size_t kMaxTakenIn = 4096;

  void begin_anew(std::uint64_t offset) {
    tell(news_end_ + kAround);
    start_ = offset;
  }

  void tell(std::uint64_t end) {
    if (end > news_end_ + kStretch) end = news_end_ + kAround;
    if (context_ && end > start_) context_->code_bytes(start_, end - start_);
    start_ = end;
  }

  ParseContext* context_;
  std::uint64_t start_;     // of the run at hand
  std::uint64_t news_end_;  // of what was new last
  std::set<std::uint64_t> taken_in_;
};

}  // namespace assay::pickle
