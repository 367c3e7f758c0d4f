#include <charconv>
#include <system_error>

#include "formats/json/json.h"

namespace assay::json {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// The four hex digits at the front of `text`, which the Reader has checked.
std::uint32_t unit_at(std::string_view text) {
  std::uint32_t unit = 0;
  std::from_chars(text.data(), text.data() + 4, unit, 16);
  return unit;
}

// Appends what the escape at the front of `text` means; returns its length.
std::size_t append_escape(std::string& out, std::string_view text) {
  switch (text[1]) {
    case 'b':
      out += '\b';
      return 2;
    case 'f':
      out += '\f';
      return 2;
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case 'u':
      break;
    default:
      out += text[1];
      return 2;
  }
  const std::uint32_t unit = unit_at(text.substr(2));
  if (unit < 0xD800 || unit >= 0xE000) {
    append_utf8(out, unit);
    return 6;
  }
  const std::uint32_t low = unit_at(text.substr(8));
  append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
  return 12;
}

template <typename T>
std::optional<T> integer_of(const Token& token) {
  T value = 0;
  const char* const end = token.raw.data() + token.raw.size();
  if (token.kind != Kind::number || token.raw == "-0") return std::nullopt;
  const auto [stop, error] = std::from_chars(token.raw.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string text_of(const Token& token) {
  if (!token.escaped) return std::string(token.raw);
  std::string out;
  std::string_view rest = token.raw;
  while (!rest.empty()) {
    const std::size_t plain = std::min(rest.find('\\'), rest.size());
    out += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (!rest.empty()) rest.remove_prefix(append_escape(out, rest));
  }
  return out;
}

std::optional<std::uint64_t> uint64_of(const Token& token) {
  return integer_of<std::uint64_t>(token);
}

std::optional<std::int64_t> int64_of(const Token& token) { return integer_of<std::int64_t>(token); }

}  // namespace assay::json
