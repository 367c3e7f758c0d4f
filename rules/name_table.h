#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace assay::rules {

// What the columns of a table mean. The first is always the key.
enum class TableKind : std::uint8_t {
  gadgets,  // callable, effect[+effect...], severity, source
  allow,    // callable, shape, source
  modules,  // module, stdlib|framework
};

// One line of a table; unused columns are empty.
using Row = std::array<std::string_view, 4>;

// A TSV text sorted by bytes, searched where it lies: nothing is built when the
// program starts. Lines that begin with '#' stand before all others. The text
// must outlive the table.
class NameTable {
 public:
  explicit NameTable(std::string_view sorted_text);

  std::optional<Row> find(std::string_view key) const;
  // Whether a key begins with `prefix`.
  bool has_prefix(std::string_view prefix) const;
  std::vector<Row> rows() const;

 private:
  std::string_view lower_bound(std::string_view key) const;

  std::string_view lines_;
};

// `text` with its lines checked (number of columns, known words, no key twice)
// and sorted, ready for a NameTable. Fails with "name:line: what is wrong".
Parsed<std::string> sorted_table(std::string_view name, std::string_view text, TableKind kind);

}  // namespace assay::rules
