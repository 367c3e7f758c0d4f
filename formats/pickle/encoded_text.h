#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::pickle {

// How text can stand for bytes.
enum class Encoding : std::uint8_t {
  none,
  base64,  // RFC 4648, either alphabet, with or without padding and line ends
  hex,
  rot13,
  latin1,  // characters up to U+00FF in UTF-8, one for each byte
};

// The bytes that `text` stands for, up to the first character that its encoding
// does not have.
std::string decoded(Encoding encoding, std::string_view text);

// As codecs.lookup() would know it, "base64_codec", "hex", "latin-1"; none for
// other encodings of characters.
Encoding encoding_named(std::string_view name);

// How a text that begins with `head` stands for something that may be an
// artifact, at once or encoded again; none if it does not. 64 bytes will do.
inline constexpr std::uint64_t kEncodedHead = 64;
Encoding encoding_of(std::string_view head);

// Takes layer after layer off a text as long as encoding_of() knows them.
std::string without_encodings(std::string text);

}  // namespace assay::pickle
