#include "formats/pickle/python_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/text.h"

namespace assay::pickle {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

void append_hex(std::string& out, std::uint32_t code, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[(code >> shift) & 15];
}

char quote_for(std::string_view text) {
  return text.contains('\'') && !text.contains('"') ? '"' : '\'';
}

// An ASCII character, or a byte that is none of UTF-8.
void append_byte(std::string& out, std::uint32_t code, char escaped) {
  if (code == '\n') {
    out += "\\n";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code == '\t') {
    out += "\\t";
  } else if (code < 0x20 || code >= 0x7f) {
    out += "\\x";
    append_hex(out, code, 2);
  } else {
    if (code == static_cast<unsigned char>(escaped) || code == '\\') out += '\\';
    out += static_cast<char>(code);
  }
}

void append_escape(std::string& out, std::uint32_t code) {
  out += code < 0x100 ? "\\x" : code < 0x10000 ? "\\u" : "\\U";
  append_hex(out, code, code < 0x100 ? 2 : code < 0x10000 ? 4 : 8);
}

// A surrogate alone, as "surrogatepass" writes it; 0 if there is none.
std::uint32_t surrogate_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() < 3 || byte(0) != 0xed || byte(1) < 0xa0 || byte(1) > 0xbf) return 0;
  if ((byte(2) & 0xc0) != 0x80) return 0;
  return 0xd000U | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
}

}  // namespace

std::string repr_text(std::string_view text) {
  const char quote = quote_for(text);
  std::string out(1, quote);
  while (!text.empty()) {
    if (const std::uint32_t surrogate = surrogate_at(text)) {
      append_escape(out, surrogate);
      text.remove_prefix(3);
      continue;
    }
    const Utf8Character c = utf8_character(text);
    const std::size_t size = std::max<std::size_t>(c.size, 1);
    if (c.size <= 1) {
      append_byte(out, c.code, quote);
    } else if (is_unsafe_to_show(c.code)) {
      append_escape(out, c.code);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out + quote;
}

std::string repr_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xc0 | (byte >> 6));
      utf8 += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return repr_text(utf8);
}

std::string repr_bytes(std::string_view bytes) {
  const char quote = quote_for(bytes);
  std::string out = "b";
  out += quote;
  for (const char c : bytes) append_byte(out, static_cast<unsigned char>(c), quote);
  return out + quote;
}

// In a bytearray, unlike in bytes, Python escapes ' between any quotes.
std::string repr_bytearray(std::string_view bytes) {
  const char quote = quote_for(bytes);
  std::string out = "bytearray(b";
  out += quote;
  for (const char c : bytes) append_byte(out, static_cast<unsigned char>(c), '\'');
  return out + quote + ")";
}

// Python writes an exponent from 1e16 on, and below 1e-4.
std::string repr_real(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[64];
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
  const auto form = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, form).ptr;
  std::string text(buffer, end);
  if (plain && !text.contains('.')) text += ".0";
  return text;
}

std::string repr_integer(Bytes digits) {
  constexpr std::uint64_t kBase = 1'000'000'000;
  if (digits.empty()) return "0";
  const bool negative = (digits.back() & std::byte{0x80}) != std::byte{};
  std::vector<std::uint8_t> magnitude;
  unsigned carry = negative ? 1 : 0;
  for (const std::byte digit : digits) {
    const unsigned raw = std::to_integer<unsigned>(digit);
    const unsigned sum = (negative ? raw ^ 0xffU : raw) + carry;
    magnitude.push_back(static_cast<std::uint8_t>(sum));
    carry = sum >> 8;
  }
  std::string reversed;
  while (!magnitude.empty()) {
    std::uint64_t rest = 0;
    for (std::size_t i = magnitude.size(); i-- > 0;) {
      rest = rest << 8 | magnitude[i];
      magnitude[i] = static_cast<std::uint8_t>(rest / kBase);
      rest %= kBase;
    }
    while (!magnitude.empty() && magnitude.back() == 0) magnitude.pop_back();
    for (int i = 0; i < 9; ++i, rest /= 10) reversed += static_cast<char>('0' + rest % 10);
  }
  while (reversed.size() > 1 && reversed.back() == '0') reversed.pop_back();
  if (negative) reversed += '-';
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace assay::pickle
