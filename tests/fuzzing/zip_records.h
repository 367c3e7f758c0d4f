#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace assay::fuzzing {

enum class ZipRecordKind : std::uint8_t { local, central, end, end64, locator64, descriptor };

// A record whose magic and fixed fields stand whole at `offset` (APPNOTE 4.3).
struct ZipRecord {
  ZipRecordKind kind = ZipRecordKind::local;
  std::size_t offset = 0;
};

// The records in `zip`, in the order of their offsets, whoever points at them.
std::vector<ZipRecord> zip_records(std::string_view zip);

// A number in a record, by where it stands behind the magic's first byte.
struct ZipField {
  std::size_t offset = 0;
  std::size_t size = 0;
};

struct ZipLayout {
  std::string_view magic;
  std::size_t size = 0;  // of the fixed part
  std::span<const ZipField> fields;
};

const ZipLayout& zip_layout(const ZipRecord& record);

}  // namespace assay::fuzzing
