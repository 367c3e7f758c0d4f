#include "core/finding.h"

#include <array>
#include <utility>

namespace assay {
namespace {
constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 6> kStatuses{"unscanned", "safe",       "error",
                                                    "caution",   "suspicious", "unsafe"};

template <typename E, std::size_t N>
bool find_word(const std::array<std::string_view, N>& words, std::string_view word, E& value) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] != word) continue;
    value = static_cast<E>(i);
    return true;
  }
  return false;
}
}  // namespace

std::string_view to_string(Severity severity) { return kSeverities.at(std::to_underlying(severity)); }
std::string_view to_string(Status status) { return kStatuses.at(std::to_underlying(status)); }
bool severity_from(std::string_view word, Severity& severity) {
  return find_word(kSeverities, word, severity);
}
bool status_from(std::string_view word, Status& status) {
  return find_word(kStatuses, word, status);
}

}  // namespace assay
