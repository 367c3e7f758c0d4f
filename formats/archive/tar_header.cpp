#include "formats/archive/tar_header.h"

#include <algorithm>
#include <limits>

namespace assay::archive::tar_format {
namespace {

constexpr std::size_t kChecksum = 148;
constexpr std::size_t kChecksumSize = 8;

bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_blank(char c) { return c == ' ' || c == '\0'; }

// 0x80 then a big-endian number; 0xFF begins a negative one.
Number base256(Bytes field) {
  Number number;
  number.ok = field[0] == std::byte{0x80};
  for (const std::byte b : field.subspan(1)) {
    if (number.value >> 56) number.ok = false;
    number.value = (number.value << 8) | std::to_integer<std::uint64_t>(b);
  }
  if (!number.ok) number.value = 0;
  return number;
}

}  // namespace

Number parse_number(Bytes field) {
  if (!field.empty() && (field[0] & std::byte{0x80}) != std::byte{0}) return base256(field);
  std::string_view text = as_text(field);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  Number number;
  while (!text.empty() && is_octal(text.front())) {
    number.value = number.value * 8 + static_cast<std::uint64_t>(text.front() - '0');
    text.remove_prefix(1);
  }
  number.ok = text.empty() || is_blank(text.front());
  return number;
}

bool checksum_fits(Bytes block) {
  if (block.size() < kBlockSize) return false;
  const Number expected = parse_number(block.subspan(kChecksum, kChecksumSize));
  std::uint64_t as_unsigned = 0;
  std::int64_t as_signed = 0;
  for (std::size_t i = 0; i < kBlockSize; ++i) {
    const bool in_field = i >= kChecksum && i < kChecksum + kChecksumSize;
    const std::byte b = in_field ? std::byte{' '} : block[i];
    as_unsigned += std::to_integer<std::uint8_t>(b);
    as_signed += static_cast<std::int8_t>(b);
  }
  return expected.value != 0 &&
         (expected.value == as_unsigned || expected.value == static_cast<std::uint64_t>(as_signed));
}

bool has_magic(Bytes block) { return as_text(clip(block, 257, 5)) == "ustar"; }

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

std::string text_field(Bytes block, std::size_t offset, std::size_t size) {
  const std::string_view text = as_text(clip(block, offset, size));
  return std::string(text.substr(0, text.find('\0')));
}

Header read_header(Bytes block) {
  Header header;
  header.name = text_field(block, 0, 100);
  header.link = text_field(block, 157, 100);
  header.type = static_cast<char>(block[156]);
  const Number mode = parse_number(block.subspan(100, 8));
  const Number size = parse_number(block.subspan(124, 12));
  header.mode = static_cast<std::uint32_t>(mode.value & 07777);
  header.size = size.value;
  header.bad_number = !mode.ok || !size.ok;
  const bool posix = as_text(block.subspan(257, 6)) == std::string_view("ustar\0", 6);
  const std::string prefix = posix ? text_field(block, 345, 155) : "";
  if (!prefix.empty()) header.name = prefix + "/" + header.name;
  return header;
}

}  // namespace assay::archive::tar_format
