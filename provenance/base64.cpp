#include "provenance/base64.h"

#include <array>
#include <cstdint>

namespace assay::provenance {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> values() {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNone);
  for (std::uint8_t i = 0; i < 64; ++i) table[static_cast<std::uint8_t>(kAlphabet[i])] = i;
  table['-'] = 62;
  table['_'] = 63;
  return table;
}
constexpr auto kValues = values();

bool is_break(char c) { return c == '\n' || c == '\r'; }

std::optional<std::uint32_t> nibble(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<ByteString> from_base64(std::string_view text) {
  ByteString bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (is_break(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::uint32_t value = kValues[static_cast<std::uint8_t>(c)];
    if (value == kNone || padding > 0) return std::nullopt;
    bits = bits << 6 | value;
    if (++digits % 4 == 0) {
      for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<std::byte>(bits >> shift));
      bits = 0;
    }
  }
  const std::size_t rest = digits % 4;
  if (rest == 1 || (padding != 0 && (rest == 0 || rest + padding != 4))) return std::nullopt;
  if (rest == 0) return bytes;
  // Two digits hold one byte and four bits over, three hold two bytes and two bits.
  const std::uint32_t spare = rest == 2 ? 4 : 2;
  if ((bits & ((1U << spare) - 1)) != 0) return std::nullopt;
  bits >>= spare;
  if (rest == 3) bytes.push_back(static_cast<std::byte>(bits >> 8));
  bytes.push_back(static_cast<std::byte>(bits));
  return bytes;
}

std::string to_base64(Bytes bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const Bytes group = clip(bytes, at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < group.size() ? std::to_integer<std::uint32_t>(group[i]) : 0);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kAlphabet[bits >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

std::optional<ByteString> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  ByteString bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const auto high = nibble(text[at]);
    const auto low = nibble(text[at + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(*high << 4 | *low));
  }
  return bytes;
}

}  // namespace assay::provenance
