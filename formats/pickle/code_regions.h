#pragma once

#include <cstdint>
#include <set>

#include "core/parse_context.h"

namespace assay::pickle {

// Which bytes of a pickle stream can bear code or text, told to the context as
// runs. Left out are raw array bytes of joblib, raw torch storages, and bytes
// payloads of kLargePayload or more, which are array data unless a call other
// than an object's own state gets them.
class CodeRegions {
 public:
  static constexpr std::uint64_t kLargePayload = 1U << 20;

  CodeRegions(ParseContext* context, std::uint64_t start) : context_(context), start_(start) {}

  // [offset, offset + size) is raw data.
  void leave_out(std::uint64_t offset, std::uint64_t size) {
    tell(offset);
    start_ = offset + size;
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

  void tell(std::uint64_t end) {
    if (context_ && end > start_) context_->code_bytes(start_, end - start_);
    start_ = end;
  }

  ParseContext* context_;
  std::uint64_t start_;
  std::set<std::uint64_t> taken_in_;
};

}  // namespace assay::pickle
