#include <cstdlib>
#include <span>

#include "core/bytes.h"
#include "rules/name_table.h"

// A table that is accepted gives back every line by its key, and is read alike
// once it is sorted: sorting it again changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::rules;
  const std::string_view text = assay::as_text(std::as_bytes(std::span{data, size}));
  for (const TableKind kind : {TableKind::gadgets, TableKind::allow, TableKind::modules}) {
    const auto sorted = sorted_table("fuzz.tsv", text, kind);
    if (!sorted) continue;
    const NameTable table(*sorted);
    for (const Row& row : table.rows()) {
      if (table.find(row[0]) != row) std::abort();
    }
    const auto again = sorted_table("fuzz.tsv", *sorted, kind);
    if (!again || *again != *sorted) std::abort();
  }
  return 0;
}
