#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"

namespace assay::pickle {

// Values as Python's repr() spells them, but for characters that are unsafe to
// show (core/text.h), which are escaped whatever repr() does.

// A str of UTF-8, lone surrogates included; bytes that are none are "\xNN".
std::string repr_text(std::string_view text);
// A str of Latin-1, as pickletools reads the old byte strings.
std::string repr_latin1(std::string_view text);
std::string repr_bytes(std::string_view bytes);
std::string repr_bytearray(std::string_view bytes);

// "1.5", "100000.0", "1e+16", "inf".
std::string repr_real(double value);

// A little-endian two's complement integer in decimal. Takes time of the square
// of the size: the caller bounds it.
std::string repr_integer(Bytes digits);

}  // namespace assay::pickle
