#include "sbom/text_layout.h"

#include <array>

#include "core/text.h"

namespace assay::sbom {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// Unicode East Asian Width W and F, in blocks: near enough for layout.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 5> kCombining{
    {{0x300, 0x36F}, {0x483, 0x489}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE2F}}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::uint32_t code) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

std::size_t width_of(std::uint32_t code) {
  if (code < 0x300) return 1;
  return is_in(kCombining, code) ? 0 : is_in(kWide, code) ? 2 : 1;
}

// How many bytes of `text` fit into `width` columns.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto [code, size] = utf8_character(text.substr(bytes));
    const std::size_t needed = width_of(code);
    if (needed > width) break;
    width -= needed;
    bytes += size == 0 ? 1 : size;
  }
  return bytes;
}

// Where the last `width` columns of `text` begin.
std::size_t tail_start(std::string_view text, std::size_t width) {
  const std::size_t all = columns(text);
  if (all <= width) return 0;
  std::size_t start = fitting(text, all - width);
  while (columns(text.substr(start)) > width) start += fitting(text.substr(start), 2);
  return start;
}

// How many bytes of `text` make its first line.
std::size_t line_size(std::string_view text, std::size_t width) {
  const std::size_t fits = fitting(text, width);
  if (fits == text.size()) return fits;
  const std::size_t space = text.rfind(' ', fits);
  if (space != std::string_view::npos && space * 2 > fits) return space;
  return fits == 0 ? fitting(text, 2) : fits;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const auto [code, size] = utf8_character(text);
    sum += width_of(code);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return sum;
}

std::string shortened_in_middle(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width < 4) return std::string(text.substr(0, fitting(text, width)));
  const std::size_t tail = (width - 3) * 3 / 5;
  const std::size_t head = width - 3 - tail;
  return std::string(text.substr(0, fitting(text, head))) + "..." +
         std::string(text.substr(tail_start(text, tail)));
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  while (true) {
    const std::size_t size = line_size(text, width);
    out += text.substr(0, size);
    text.remove_prefix(size);
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.empty()) return out;
    out += '\n';
    out.append(indent, ' ');
  }
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 7> kUnits{" B", " kB", " MB", " GB", " TB", " PB", " EB"};
  std::uint64_t unit = 1;
  std::size_t power = 0;
  while (power + 1 < kUnits.size() && bytes / unit >= 1000) {
    unit *= 1000;
    ++power;
  }
  std::string out = std::to_string(bytes / unit);
  if (power > 0 && bytes / unit < 10) out += "." + std::to_string(bytes % unit / (unit / 10));
  return out + kUnits[power];
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return with_separators(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace assay::sbom
