#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace assay {

// Whether `text` is UTF-8 as RFC 3629 has it (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

// The length of the UTF-8 sequence at the front of `text`, 0 if it is not one.
std::size_t utf8_sequence(std::string_view text);

// The character at the front of `text`, which must not be empty. `size` 0: the
// first byte starts no valid sequence, and `code` is that byte.
struct Utf8Character {
  std::uint32_t code = 0;
  std::size_t size = 0;
};
Utf8Character utf8_character(std::string_view text);

// Control, bidirectional, zero-width and private-purpose characters: what moves,
// hides or reorders the text around it.
bool is_unsafe_to_show(std::uint32_t code);

// `text` as valid UTF-8 that keeps every character: only invalid bytes become
// "\xNN". For machine-readable reports; escaped(to_utf8(x)) == escaped(x).
std::string to_utf8(std::string_view text);

// `text` made fit for any report: valid UTF-8 stays, invalid bytes become
// "\xNN", and control, bidirectional and zero-width characters become "\n",
// "\x1b", "\u202e". What comes out is valid UTF-8, on one line, and harmless to
// a terminal.
std::string escaped(std::string_view text);

// The first `limit` bytes of `text` with "..." behind when it was cut; never
// cuts a UTF-8 sequence in two.
std::string shortened(std::string_view text, std::size_t limit);

// Lower-case hex of `bytes`.
std::string hex(Bytes bytes);

// Text as far as a person or an interpreter would call it so: valid UTF-8 (or a
// sequence cut by the end of `bytes`) without NUL and other stray controls.
bool looks_like_text(Bytes bytes);

// ASCII lower case, for names and extensions.
std::string to_lower(std::string_view text);

// ".pt" for "a/b.PT": lower case, with the dot, empty if there is none. A
// leading dot does not start an extension.
std::string extension_of(std::string_view name);

// The last component of a path with '/' as separator.
std::string_view base_name(std::string_view path);

}  // namespace assay
