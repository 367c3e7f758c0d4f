#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::pickle {

// What numpy's dtype.__reduce__ says of a type, as far as it takes to know how
// many bytes an element has: dtype(code, align, copy), then the state
// (version, order, subdtype, names, fields, item size, alignment, flags).
struct ArrayDtype {
  std::string code;             // "f8", "U10", "V12", "O8"
  char order = '|';             // '<', '>', '=' or '|'
  std::int64_t item_size = -1;  // the state's, for S, U and V; -1: as the code says
  bool has_objects = false;

  // Bytes per element; nothing when the code is none of numpy's.
  std::optional<std::uint64_t> element_size() const;
  std::string name() const { return order == '|' ? code : order + code; }
};

}  // namespace assay::pickle
