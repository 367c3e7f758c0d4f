#include "provenance/openpgp/armor.h"

#include <cstdint>
#include <string>

namespace assay::provenance::openpgp {
namespace {

std::unexpected<ParseError> malformed(std::string_view what) {
  return fail(ParseErrc::malformed, 0, "armor: " + std::string(what));
}

// The next line without its end and without blanks behind it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  const auto last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// RFC 9580 §6.1
std::uint32_t crc24(Bytes bytes) {
  std::uint32_t crc = 0xB704CE;
  for (const std::byte b : bytes) {
    crc ^= std::to_integer<std::uint32_t>(b) << 16;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864CFB;
    }
  }
  return crc & 0xFFFFFF;
}

bool checksum_fits(std::string_view line, Bytes bytes) {
  const auto sum = from_base64(line.substr(1));
  if (line.size() != 5 || !sum || sum->size() != 3) return false;
  std::uint32_t value = 0;
  for (const std::byte b : *sum) value = value << 8 | std::to_integer<std::uint32_t>(b);
  return value == crc24(bytes);
}

// Steps over "Key: value" lines to the empty one.
bool skip_headers(std::string_view& text) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) return true;
    if (line.find(": ") == std::string_view::npos && !line.ends_with(':')) return false;
  }
  return false;
}

}  // namespace

Parsed<ByteString> take_armor(std::string_view& text, std::string_view label) {
  const std::string tail = std::string(label) + "-----";
  if (take_line(text) != "-----BEGIN " + tail) return malformed("does not begin");
  if (!skip_headers(text)) return malformed("no empty line before its content");
  std::string content;
  std::string_view checksum;
  std::string_view line = take_line(text);
  for (; !line.starts_with('-') && !line.starts_with('='); line = take_line(text)) {
    if (line.empty()) return malformed("does not end");
    content += line;
  }
  if (line.starts_with('=')) {
    checksum = line;
    line = take_line(text);
  }
  if (line != "-----END " + tail) return malformed("does not end");
  const bool clean = content.find_first_of("-_\r") == std::string::npos;
  auto bytes = clean ? from_base64(content) : std::nullopt;
  if (!bytes) return malformed("not base64");
  if (!checksum.empty() && !checksum_fits(checksum, *bytes)) return malformed("wrong checksum");
  return std::move(*bytes);
}

}  // namespace assay::provenance::openpgp
