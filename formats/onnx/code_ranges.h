#pragma once

#include <cstdint>

#include "core/parse_context.h"

namespace assay::onnx {

// Reports the bytes between payloads of weights as code, small payloads with
// what stands around them.
class CodeRanges {
 public:
  static constexpr std::uint64_t kSmall = 64;

  explicit CodeRanges(ParseContext& context) : context_(context) {}

  void leave_out(std::uint64_t begin, std::uint64_t end) {
    if (end - begin <= kSmall) return;
    finish(begin);
    begin_ = end;
  }

  // Everything since the last payload up to `end`.
  void finish(std::uint64_t end) {
    if (end > begin_) context_.code_bytes(begin_, end - begin_);
    begin_ = end;
  }

 private:
  ParseContext& context_;
  std::uint64_t begin_ = 0;
};

}  // namespace assay::onnx
