#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/fields.h"

namespace assay::rules {

// One condition of a rule's "match": a field, and the words that fit it.
struct Condition {
  const Field* field = nullptr;
  std::vector<std::string> words{};  // any of them
  bool glob = false;                 // the words are patterns
  bool negated = false;              // none of the field's values may fit

  // Whether it holds for `subject`; `scratch` saves an allocation per question.
  bool holds(const Subject& subject, Values& scratch) const;
};

// Whether `pattern` covers all of `text`: `*` any run, `?` one byte. Takes time
// bounded by the product of both lengths.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace assay::rules
