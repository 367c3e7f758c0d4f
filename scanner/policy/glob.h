#pragma once

#include <string_view>

namespace assay::policy {

// How a pattern without a slash is meant.
enum class Plain : bool {
  whole,      // it is the whole path
  any_depth,  // it is compared with the last component, as --include does
};

// Whether `path` fits `pattern`: `*` is any run and `?` any byte within a component, `**`
// as a whole component any number of components, none included. Everything else stands
// for itself. Takes pattern times path steps at most.
bool glob_matches(std::string_view pattern, std::string_view path, Plain plain = Plain::any_depth);

}  // namespace assay::policy
