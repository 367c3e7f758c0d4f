#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/parse_context.h"

namespace assay {

// Keeps one cause from filling the report: the first kShown anomalies of each
// code reach the context, the rest are counted and told of by finish().
class AnomalyTally {
 public:
  static constexpr std::uint64_t kShown = 16;

  explicit AnomalyTally(ParseContext& context) : context_(context) {}

  void add(std::uint64_t offset, std::uint64_t size, const std::string& code, std::string detail) {
    Seen& seen = seen_[code];
    if (++seen.count <= kShown) {
      context_.anomaly(offset, size, code, std::move(detail));
    } else {
      seen.last_offset = offset;
    }
  }

  // Says once for each code how many more there were.
  void finish() {
    for (const auto& [code, seen] : seen_) {
      if (seen.count <= kShown) continue;
      context_.anomaly(seen.last_offset, 0, code,
                       std::to_string(seen.count - kShown) + " more of the same");
    }
    seen_.clear();
  }

 private:
  struct Seen {
    std::uint64_t count = 0;
    std::uint64_t last_offset = 0;
  };

  ParseContext& context_;
  std::map<std::string, Seen> seen_;
};

}  // namespace assay
