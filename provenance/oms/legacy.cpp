#include "provenance/oms/legacy.h"

#include <string>

#include "core/text.h"

namespace assay::provenance::oms {
namespace {

std::string escape_of(char c, char quote) {
  switch (c) {
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    default:
      break;
  }
  if (c == quote || c == '\\') return {'\\', c};
  if (c >= ' ' && c < '\x7f') return {c};
  const auto byte = static_cast<std::byte>(c);
  return "\\x" + hex(Bytes(&byte, 1));
}

// repr() of Python's bytes.
std::string python_literal(std::string_view bytes) {
  const bool has_single = bytes.find('\'') != std::string_view::npos;
  const char quote = has_single && bytes.find('"') == std::string_view::npos ? '"' : '\'';
  std::string literal = {'b', quote};
  for (const char c : bytes) literal += escape_of(c, quote);
  return literal + quote;
}

}  // namespace

ByteString old_authentication_encoding(std::string_view payload_type, Bytes payload) {
  const std::string text = "DSSEV1 " + std::to_string(payload_type.size()) + ' ' +
                           std::string(payload_type) + ' ' + std::to_string(payload.size()) + ' ' +
                           python_literal(as_text(payload));
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace assay::provenance::oms
