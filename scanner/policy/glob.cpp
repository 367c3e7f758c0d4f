#include "scanner/policy/glob.h"

#include <vector>

#include "core/text.h"

namespace assay::policy {
namespace {

using Components = std::vector<std::string_view>;

Components components_of(std::string_view path) {
  Components out;
  for (;;) {
    const std::size_t slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

// Going back to the last star suffices: an earlier one could take nothing that it cannot.
bool component_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// fits[i]: what was seen of the pattern fits the first i components.
bool components_match(const Components& pattern, const Components& path) {
  std::vector<bool> fits(path.size() + 1, false);
  fits[0] = true;
  for (const std::string_view part : pattern) {
    std::vector<bool> next(path.size() + 1, false);
    bool any_before = false;
    for (std::size_t i = 0; i <= path.size(); ++i) {
      any_before = any_before || fits[i];
      if (part == "**") {
        next[i] = any_before;
      } else if (i > 0 && fits[i - 1]) {
        next[i] = component_matches(part, path[i - 1]);
      }
    }
    fits = std::move(next);
  }
  return fits[path.size()];
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view path, Plain plain) {
  if (plain == Plain::any_depth && pattern != "**" && !pattern.contains('/')) {
    return component_matches(pattern, base_name(path));
  }
  return components_match(components_of(pattern), components_of(path));
}

}  // namespace assay::policy
