#pragma once

#include <string_view>

namespace assay::pickle {

struct QualifiedName {
  std::string_view module;
  std::string_view name;
};

// The name that pickle.load(fix_imports=True) looks for instead when the last
// PROTO seen is below 3 (CPython 3.11, _compat_pickle: NAME_MAPPING, then
// IMPORT_MAPPING; the rows stand in renames.tsv). Unchanged if there is none.
QualifiedName renamed(QualifiedName old);

}  // namespace assay::pickle
