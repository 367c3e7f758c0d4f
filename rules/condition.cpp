#include "rules/condition.h"

#include <algorithm>

namespace assay::rules {

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Condition::holds(const Subject& subject, Values& scratch) const {
  scratch.clear();
  field->get(subject, scratch);
  const auto fits = [&](std::string_view value) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return glob ? glob_matches(word, value) : word == value;
    });
  };
  return std::ranges::any_of(scratch.views(), fits) != negated;
}

}  // namespace assay::rules
