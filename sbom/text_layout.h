#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::sbom {

// Helpers for text in columns. All take text that is already escaped(), so that
// every character has a width and stays on its line.

// Columns on a terminal: combining characters 0, East Asian wide ones 2.
std::size_t columns(std::string_view text);

// `text` in at most `width` columns: the middle gives way to "...".
std::string shortened_in_middle(std::string_view text, std::size_t width);

// `text` broken at spaces (a longer word anywhere) into lines of at most `width`
// columns, each after the first behind `indent` spaces. Ends without line feed.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

// `text` and spaces behind it, up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

// "999 B", "1.2 kB", "213 GB": powers of 1000, rounded down.
std::string human_size(std::uint64_t bytes);

// "1 file", "2 files", "12,345 members".
std::string counted(std::uint64_t count, std::string_view noun);

// "12,345".
std::string with_separators(std::uint64_t number);

}  // namespace assay::sbom
