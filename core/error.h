#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace assay {

// Why a stretch of bytes was not examined. The words are those of the report's
// `gaps[].reason` (CONTRACT §5).
enum class ParseErrc : std::uint8_t {
  truncated,    // the bytes end before the structure does
  malformed,    // the bytes contradict the format
  over_budget,  // a limit of Limits was reached
  timeout,      // the wall clock of the engine ran out
  crashed,      // a library threw, or a worker died
  encrypted,
  unsupported,  // no parser for this, or a feature of the format we do not read
  unreadable,   // the operating system refused
  not_fetched,  // named, but its bytes are not here (pointer, link leaving the source)
  changed,      // the file changed while it was read
};

std::string_view to_string(ParseErrc code);
bool parse_errc_from(std::string_view word, ParseErrc& code);

// Where and why a parser had to stop. `offset` counts from the start of the
// artifact; `message` says what was expected, without the file's own text
// unless escaped.
struct ParseError {
  ParseErrc code = ParseErrc::malformed;
  std::uint64_t offset = 0;
  std::string message;
};

template <typename T>
using Parsed = std::expected<T, ParseError>;

inline std::unexpected<ParseError> fail(ParseErrc code, std::uint64_t offset, std::string message) {
  return std::unexpected(ParseError{code, offset, std::move(message)});
}

}  // namespace assay
