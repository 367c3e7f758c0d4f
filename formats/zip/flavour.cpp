#include "formats/zip/flavour.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assay::zip {
namespace {

struct Flavour {
  std::string_view format;
  std::array<std::string_view, 2> names;  // all must be there; an empty one always is
};

// Names that the loaders themselves ask for.
constexpr Flavour kFlavours[] = {
    {"keras", {"config.json", "metadata.json"}},
    {"mar", {"MAR-INF/MANIFEST.json", ""}},
    {"skops", {"schema.json", ""}},
};

bool has(std::span<const Entry> entries, std::string_view name) {
  return name.empty() || std::ranges::any_of(entries, [&](const Entry& e) {
           return e.central.fields.name == name;
         });
}

bool is_npy(const Entry& entry) { return entry.central.fields.name.ends_with(".npy"); }

}  // namespace

std::string_view flavour_of(std::span<const Entry> entries) {
  for (const Flavour& flavour : kFlavours) {
    if (has(entries, flavour.names[0]) && has(entries, flavour.names[1])) return flavour.format;
  }
  return !entries.empty() && std::ranges::all_of(entries, is_npy) ? "npz" : "zip";
}

}  // namespace assay::zip
