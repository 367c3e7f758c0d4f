#include "formats/safetensors/coverage.h"

#include <algorithm>
#include <tuple>

namespace assay::safetensors {
namespace {

// Remarks beyond this say nothing new.
constexpr std::size_t kMaxRemarks = 1000;

}  // namespace

std::vector<Remark> check_coverage(std::vector<Range>& ranges, std::uint64_t data_offset,
                                   std::uint64_t data_size) {
  const auto order = [](const Range& r) { return std::tuple(r.begin, r.end, r.name_offset); };
  if (!std::ranges::is_sorted(ranges, {}, order)) std::ranges::sort(ranges, {}, order);
  std::vector<Remark> remarks;
  const auto unowned = [&](const char* code, std::uint64_t begin, std::uint64_t end) {
    remarks.push_back({code, std::to_string(end - begin) + " bytes belong to no tensor",
                       data_offset + begin, end - begin, true});
  };
  const auto at_name = [&](const char* code, const Range& range, std::string detail) {
    remarks.push_back({code, std::move(detail), range.name_offset, 0, true});
  };

  std::uint64_t covered = 0;
  for (const Range& range : ranges) {
    if (remarks.size() >= kMaxRemarks) break;
    if (range.begin > covered && covered < data_size) {
      unowned("safetensors.hole", covered, std::min(range.begin, data_size));
    } else if (range.begin < covered) {
      at_name("safetensors.overlap", range,
              std::to_string(std::min(covered, range.end) - range.begin) +
                  " bytes belong to another tensor, too");
    }
    if (range.end > data_size && covered <= data_size) {
      at_name(
          "safetensors.missing-data", range,
          "the tensor ends " + std::to_string(range.end - data_size) + " bytes behind the file");
    }
    covered = std::max(covered, range.end);
  }
  if (covered < data_size && remarks.size() < kMaxRemarks) {
    unowned("safetensors.trailing-data", covered, data_size);
  }
  return remarks;
}

}  // namespace assay::safetensors
