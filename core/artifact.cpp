#include "core/artifact.h"

#include <array>
#include <utility>

#include "core/scan_result.h"

namespace assay {

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, 3> kWords{"pass", "fail", "incomplete"};
  return kWords.at(std::to_underlying(verdict));
}

}  // namespace assay
