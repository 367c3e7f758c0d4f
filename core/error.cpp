#include "core/error.h"

#include <array>
#include <utility>

namespace assay {
namespace {
constexpr std::array<std::string_view, 10> kWords{
    "truncated",   "malformed",   "over_budget", "timeout",     "crashed",
    "encrypted",   "unsupported", "unreadable",  "not_fetched", "changed"};
}

std::string_view to_string(ParseErrc code) { return kWords.at(std::to_underlying(code)); }

bool parse_errc_from(std::string_view word, ParseErrc& code) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] != word) continue;
    code = static_cast<ParseErrc>(i);
    return true;
  }
  return false;
}

}  // namespace assay
