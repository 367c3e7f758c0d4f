#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::provenance::git {

// One header of a commit or tag object. `raw` are its lines with their line feeds,
// `value` the text behind the name with continuation lines joined by line feeds.
struct HeaderLine {
  std::string_view name;
  std::string value;
  std::string_view raw;
};

// Reads the headers in front of an object's message, which an empty line ends.
class HeaderLines {
 public:
  explicit HeaderLines(std::string_view object) : rest_(object) {}

  // The next header; nothing at the empty line, at the end, and when a line is none.
  std::optional<HeaderLine> next();

  // Whether a line was no header: without a name, not ended, or with a NUL in it.
  bool broken() const { return broken_; }
  // The empty line and the message.
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace assay::provenance::git
