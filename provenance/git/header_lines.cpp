#include "provenance/git/header_lines.h"

namespace assay::provenance::git {
namespace {

// The first line with its line feed; empty when none ends `text`.
std::string_view first_line(std::string_view text) {
  const auto end = text.find('\n');
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

}  // namespace

std::optional<HeaderLine> HeaderLines::next() {
  if (broken_ || rest_.empty() || rest_.front() == '\n') return std::nullopt;
  std::string_view line = first_line(rest_);
  const auto blank = line.find(' ');
  if (line.empty() || blank == 0 || blank == std::string_view::npos) {
    broken_ = true;
    return std::nullopt;
  }
  HeaderLine header{.name = line.substr(0, blank),
                    .value = std::string(line.substr(blank + 1, line.size() - blank - 2)),
                    .raw = {}};
  std::size_t size = line.size();
  while (size < rest_.size() && rest_[size] == ' ') {
    line = first_line(rest_.substr(size));
    if (line.empty()) {
      broken_ = true;
      return std::nullopt;
    }
    header.value += '\n';
    header.value += line.substr(1, line.size() - 2);
    size += line.size();
  }
  header.raw = rest_.substr(0, size);
  rest_.remove_prefix(size);
  if (header.raw.find('\0') != std::string_view::npos) {
    broken_ = true;
    return std::nullopt;
  }
  return header;
}

}  // namespace assay::provenance::git
