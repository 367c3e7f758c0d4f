#pragma once

#include <algorithm>
#include <string_view>

namespace assay::provenance {

// Takes the first line off `text`: without its end, which is a line feed, with or without
// a carriage return before it, or the end of the text.
inline std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace assay::provenance
