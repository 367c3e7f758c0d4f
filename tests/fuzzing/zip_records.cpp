#include "tests/fuzzing/zip_records.h"

#include <array>

namespace assay::fuzzing {
namespace {

// The fields that matter.
constexpr ZipField kLocalFields[]{{4, 2},  {6, 2},  {8, 2},  {14, 4},
                                  {18, 4}, {22, 4}, {26, 2}, {28, 2}};
constexpr ZipField kCentralFields[]{{4, 2},  {8, 2},  {10, 2}, {16, 4}, {20, 4}, {24, 4},
                                    {28, 2}, {30, 2}, {32, 2}, {34, 2}, {38, 4}, {42, 4}};
constexpr ZipField kEndFields[]{{4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 4}, {16, 4}, {20, 2}};
constexpr ZipField kEnd64Fields[]{{4, 8}, {16, 4}, {20, 4}, {24, 8}, {32, 8}, {40, 8}, {48, 8}};
constexpr ZipField kLocator64Fields[]{{4, 4}, {8, 8}, {16, 4}};
constexpr ZipField kDescriptorFields[]{{4, 4}, {8, 4}, {12, 4}};

// In the order of ZipRecordKind.
constexpr std::array<ZipLayout, 6> kLayouts{{{{"PK\x03\x04", 4}, 30, kLocalFields},
                                             {{"PK\x01\x02", 4}, 46, kCentralFields},
                                             {{"PK\x05\x06", 4}, 22, kEndFields},
                                             {{"PK\x06\x06", 4}, 56, kEnd64Fields},
                                             {{"PK\x06\x07", 4}, 20, kLocator64Fields},
                                             {{"PK\x07\x08", 4}, 16, kDescriptorFields}}};

}  // namespace

std::vector<ZipRecord> zip_records(std::string_view zip) {
  std::vector<ZipRecord> records;
  for (std::size_t at = zip.find("PK"); at != std::string_view::npos; at = zip.find("PK", at + 1)) {
    for (std::size_t kind = 0; kind < kLayouts.size(); ++kind) {
      const ZipLayout& layout = kLayouts.at(kind);
      if (zip.substr(at).starts_with(layout.magic) && layout.size <= zip.size() - at) {
        records.push_back({static_cast<ZipRecordKind>(kind), at});
      }
    }
  }
  return records;
}

const ZipLayout& zip_layout(const ZipRecord& record) {
  return kLayouts.at(static_cast<std::size_t>(record.kind));
}

}  // namespace assay::fuzzing
