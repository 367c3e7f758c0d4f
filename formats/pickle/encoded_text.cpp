#include "formats/pickle/encoded_text.h"

#include <algorithm>
#include <array>

#include "formats/pickle/nested.h"

namespace assay::pickle {
namespace {

constexpr int kMaxLayers = 4;
constexpr std::size_t kLeastEncoded = 16;  // characters, below which nothing fits in
constexpr std::uint8_t kBlank = 0xfe;
constexpr std::uint8_t kEnd = 0xff;

using Digits = std::array<std::uint8_t, 256>;

constexpr bool is_blank(char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; }

constexpr Digits digits_of(std::string_view alphabet, std::string_view same) {
  Digits out{};
  out.fill(kEnd);
  for (const char c : {'\n', '\r', ' ', '\t'}) out[static_cast<unsigned char>(c)] = kBlank;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  // The last digits of another alphabet of the same size.
  for (std::size_t i = 0; i < same.size(); ++i) {
    out[static_cast<unsigned char>(same[i])] =
        static_cast<std::uint8_t>(alphabet.size() - same.size() + i);
  }
  return out;
}

constexpr Digits kBase64 =
    digits_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_");
constexpr Digits kHex = digits_of("0123456789abcdef", "ABCDEF");

// Every digit is worth `bits` bits; what does not fill a byte is padding.
std::string from_digits(const Digits& digits, unsigned bits, std::string_view text) {
  std::string out;
  out.reserve(text.size() * bits / 8);
  unsigned kept = 0;
  unsigned width = 0;
  for (const char c : text) {
    const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
    if (digit == kEnd) break;
    if (digit == kBlank) continue;
    kept = (kept << bits | digit) & 0xffff;
    width += bits;
    if (width >= 8) {
      width -= 8;
      out += static_cast<char>(kept >> width & 0xff);
    }
  }
  return out;
}

char rotated(char c) {
  const auto turn = [c](char first) { return static_cast<char>(first + (c - first + 13) % 26); };
  if (c >= 'a' && c <= 'z') return turn('a');
  return c >= 'A' && c <= 'Z' ? turn('A') : c;
}

std::string from_latin1(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += text[i];
      continue;
    }
    const bool two = (lead == 0xc2 || lead == 0xc3) && i + 1 < text.size();
    const auto next = static_cast<unsigned char>(two ? text[i + 1] : 0);
    if ((next & 0xc0) != 0x80) break;
    out += static_cast<char>((lead & 3) << 6 | (next & 0x3f));
    ++i;
  }
  return out;
}

bool is_all(const Digits& digits, std::string_view head) {
  const std::size_t end = head.find('=');
  return std::ranges::all_of(head.substr(0, end),
                             [&](char c) { return digits[static_cast<unsigned char>(c)] != kEnd; });
}

Encoding encoding_of(std::string_view head, int layers) {
  if (layers == 0 || head.size() < kLeastEncoded || is_blank(head[0])) return Encoding::none;
  for (const Encoding encoding : {Encoding::hex, Encoding::base64}) {
    if (!is_all(encoding == Encoding::hex ? kHex : kBase64, head)) continue;
    const std::string inner = decoded(encoding, head);
    if (begins_nested(inner) || encoding_of(inner, layers - 1) != Encoding::none) return encoding;
  }
  return Encoding::none;
}

}  // namespace

std::string decoded(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::base64:
      return from_digits(kBase64, 6, text);
    case Encoding::hex:
      return from_digits(kHex, 4, text);
    case Encoding::rot13: {
      std::string out(text);
      std::ranges::transform(out, out.begin(), rotated);
      return out;
    }
    case Encoding::latin1:
      return from_latin1(text);
    case Encoding::none:
      break;
  }
  return std::string(text);
}

Encoding encoding_named(std::string_view name) {
  std::string word;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') word += static_cast<char>(c | 0x20);
  }
  if (word.ends_with("codec")) word.resize(word.size() - 5);
  if (word == "base64") return Encoding::base64;
  if (word == "hex") return Encoding::hex;
  if (word == "latin1" || word == "latin" || word == "iso88591") return Encoding::latin1;
  return word == "rot13" ? Encoding::rot13 : Encoding::none;
}

Encoding encoding_of(std::string_view head) {
  return encoding_of(head.substr(0, kEncodedHead), kMaxLayers);
}

std::string without_encodings(std::string text) {
  for (int layers = 0; layers < kMaxLayers; ++layers) {
    const Encoding encoding = encoding_of(text);
    if (encoding == Encoding::none) break;
    text = decoded(encoding, text);
  }
  return text;
}

}  // namespace assay::pickle
