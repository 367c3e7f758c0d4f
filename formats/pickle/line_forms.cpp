#include "formats/pickle/line_forms.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace assay::pickle {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  const auto first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// The base that a literal's prefix names; takes the prefix off.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char letter = static_cast<char>(digits[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  if (base) digits.remove_prefix(2);
  return base ? base : 8;  // strtol reads a leading zero as octal
}

std::optional<Value> parse_number(std::string_view text) {
  text = trimmed(text.substr(0, text.find('\0')));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const int base = take_base(text);
  if (text.empty() || text.front() == '_' || text.back() == '_') return std::nullopt;
  std::uint64_t magnitude = 0;
  bool big = false;
  for (const char c : text) {
    if (c == '_') continue;
    const int digit = digit_of(c);
    if (digit >= base) return std::nullopt;
    big = big || magnitude > (UINT64_MAX >> 1) / static_cast<unsigned>(base) - 1;
    if (!big) magnitude = magnitude * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
  }
  if (big) return Value{Kind::big_integer, 0, 0};
  const auto value = static_cast<std::int64_t>(magnitude);
  return Value::integer(negative ? -value : value);
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

// The value of exactly `count` hex digits at the front of `text`.
std::optional<std::uint32_t> hex_value(std::string_view text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, count)) {
    if (digit_of(c) >= 16) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit_of(c));
  }
  return value;
}

// One to three octal digits at `at`, which is moved behind them.
char take_octal(std::string_view text, std::size_t& at) {
  unsigned value = 0;
  for (int n = 0; n < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++n) {
    value = value * 8 + static_cast<unsigned>(text[at++] - '0');
  }
  return static_cast<char>(value & 0xff);
}

// The character of a one letter escape, or 0.
char simple_escape(char letter) {
  constexpr std::string_view kLetters = "\\'\"abfnrtv";
  constexpr std::string_view kMeanings = "\\'\"\a\b\f\n\r\t\v";
  const auto at = kLetters.find(letter);
  return at == kLetters.npos ? '\0' : kMeanings[at];
}

}  // namespace

std::optional<Value> parse_int(std::string_view line) {
  if (line == "00" || line == "01") return Value::boolean(line[1] == '1');
  return line.empty() ? std::nullopt : parse_number(line);
}

std::optional<Value> parse_long(std::string_view line) {
  if (line.ends_with('L')) line.remove_suffix(1);
  return parse_number(line);
}

std::optional<Value> parse_float(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  if (line.starts_with('+')) line.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (end != line.data() + line.size() || line.empty()) return std::nullopt;
  if (code == std::errc::result_out_of_range) return Value{Kind::big_integer, 0, 0};
  if (code != std::errc{}) return std::nullopt;
  return Value::real(value);
}

std::optional<std::uint64_t> parse_index(std::string_view line) {
  line = trimmed(line.substr(0, line.find('\0')));
  if (line.starts_with('+')) line.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (code != std::errc{} || end != line.data() + line.size()) return std::nullopt;
  return value;
}

std::optional<std::string_view> strip_quotes(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back()) return std::nullopt;
  if (line.front() != '\'' && line.front() != '"') return std::nullopt;
  return line.substr(1, line.size() - 2);
}

std::optional<std::string> unescape_string(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at++];
    if (c != '\\') {
      out += c;
      continue;
    }
    if (at == text.size()) return std::nullopt;  // "Trailing \ in string"
    const char letter = text[at];
    if (letter >= '0' && letter <= '7') {
      out += take_octal(text, at);
    } else if (letter == 'x') {
      const auto value = hex_value(text.substr(at + 1), 2);
      if (!value) return std::nullopt;
      out += static_cast<char>(*value);
      at += 3;
    } else {
      ++at;
      if (letter == '\n') continue;
      const char meaning = simple_escape(letter);
      if (!meaning) out += '\\';
      out += meaning ? meaning : letter;
    }
  }
  return out;
}

std::optional<std::string> unescape_unicode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (text[at] != '\\' || at + 1 == text.size()) {
      append_utf8(out, static_cast<unsigned char>(text[at]));
    } else if (next == 'u' || next == 'U') {
      const std::size_t count = next == 'u' ? 4 : 8;
      const auto point = hex_value(text.substr(at + 2), count);
      if (!point || *point > 0x10ffff) return std::nullopt;
      append_utf8(out, *point);
      at += 1 + count;
    } else {
      out += '\\';
      append_utf8(out, static_cast<unsigned char>(next));
      ++at;
    }
  }
  return out;
}

}  // namespace assay::pickle
