#include "formats/zip/magic_finder.h"

#include <algorithm>
#include <string_view>

#include "formats/zip/records.h"

namespace assay::zip {
namespace {

constexpr std::uint64_t kMagicSize = 4;

// The position of the first magic in `text`.
std::size_t find_in(std::string_view text) {
  std::size_t at = text.find("PK");
  for (; at != std::string_view::npos; at = text.find("PK", at + 1)) {
    const std::string_view magic = text.substr(at, kMagicSize);
    if (magic == kLocalMagic || magic == kCentralMagic || magic == kDescriptorMagic) break;
  }
  return at;
}

}  // namespace

bool MagicFinder::is_in_window(std::uint64_t offset) const {
  return offset >= window_offset_ && offset - window_offset_ + kMagicSize <= window_.size();
}

std::optional<std::uint64_t> MagicFinder::find(std::uint64_t begin, std::uint64_t end) {
  while (begin < end && end - begin >= kMagicSize) {
    if (!is_in_window(begin)) {
      window_ = {};
      window_ = source_.view(begin, std::max(kMagicSize, source_.window_size()));
      window_offset_ = begin;
      if (window_.size() < kMagicSize) return std::nullopt;
    }
    const std::string_view text = as_text(clip(window_, begin - window_offset_, end - begin));
    const std::size_t at = find_in(text);
    if (at != std::string_view::npos) return begin + at;
    begin += text.size() - (kMagicSize - 1);
  }
  return std::nullopt;
}

}  // namespace assay::zip
