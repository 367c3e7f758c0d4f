#include "formats/zip/end_record.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/byte_reader.h"
#include "core/format.h"
#include "formats/zip/records.h"

namespace assay::zip {
namespace {

// What an end record declares, in 32 or 64 bits.
struct Declared {
  std::uint64_t entry_count = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  bool multi_disk = false;
};

struct Declared64 : Declared {
  std::uint64_t at = 0;
  std::uint64_t record_size = 0;
};

std::optional<Declared64> read_end_record64(ByteSource& source, std::uint64_t offset) {
  const ByteView view = source.view(offset, kEndRecord64Size);
  ByteReader in{view};
  if (as_text(in.take(4)) != kEnd64Magic) return std::nullopt;
  Declared64 out;
  out.at = offset;
  const auto rest_size = in.le<std::uint64_t>();
  out.record_size = rest_size > (1ULL << 32) ? kEndRecord64Size : rest_size + 12;
  in.skip(4);
  const auto disk = in.le<std::uint32_t>();
  const auto directory_disk = in.le<std::uint32_t>();
  const auto here_count = in.le<std::uint64_t>();
  out.entry_count = in.le<std::uint64_t>();
  out.size = in.le<std::uint64_t>();
  out.offset = in.le<std::uint64_t>();
  out.multi_disk = disk != 0 || directory_disk != 0 || here_count != out.entry_count;
  if (!in.ok()) return std::nullopt;
  return out;
}

bool is_directory_at(ByteSource& source, std::uint64_t offset, const Declared& declared,
                     std::uint64_t limit) {
  if (declared.entry_count == 0 && declared.size == 0) return offset <= limit;
  return offset < limit && starts_with(source.view(offset, 4), kCentralMagic);
}

void add_place(EndRecord& record, ByteSource& source, std::uint64_t offset, std::uint64_t shift,
               const Declared& declared, std::uint64_t limit) {
  if (!is_directory_at(source, offset, declared, limit)) return;
  const bool is_empty = declared.entry_count == 0 && declared.size == 0;
  const auto same = [&](const Place& p) {
    return is_empty || (p.offset == offset && p.shift == shift);
  };
  if (std::ranges::any_of(record.places, same)) return;
  record.places.push_back({offset, declared.size, declared.entry_count, limit, shift});
}

// Backwards from `limit` first, as Python and Info-ZIP do, then by the offset,
// which miniz takes wherever it leads, be it into the comment.
void add_places(EndRecord& record, ByteSource& source, const Declared& declared,
                std::uint64_t limit) {
  if (declared.size <= limit) {
    const std::uint64_t offset = limit - declared.size;
    add_place(record, source, offset, offset - declared.offset, declared, limit);
  }
  const bool is_behind = declared.offset >= limit;
  add_place(record, source, declared.offset, 0, declared, is_behind ? source.size() : limit);
}

// A value that hands over to its 64-bit twin counts as that.
Declared resolved(Declared narrow, const Declared& wide) {
  if (narrow.entry_count == 0xFFFF) narrow.entry_count = wide.entry_count;
  if (narrow.size == 0xFFFFFFFF) narrow.size = wide.size;
  if (narrow.offset == 0xFFFFFFFF) narrow.offset = wide.offset;
  return narrow;
}

bool agrees(const Declared& narrow, const Declared& wide) {
  return narrow.entry_count == wide.entry_count && narrow.size == wide.size &&
         narrow.offset == wide.offset;
}

// The zip64 records that a locator may mean: the one right before it (Python),
// then the one it points to (miniz, Info-ZIP).
std::vector<Declared64> find_records64(ByteSource& source, std::uint64_t locator,
                                       std::uint64_t pointed_at) {
  std::vector<Declared64> found;
  if (locator >= kEndRecord64Size) {
    const std::uint64_t before = locator - kEndRecord64Size;
    if (const auto record = read_end_record64(source, before)) found.push_back(*record);
    if (pointed_at == before) return found;
  }
  if (pointed_at < locator) {
    if (const auto record = read_end_record64(source, pointed_at)) found.push_back(*record);
  }
  return found;
}

// Returns what the 32-bit values mean once the zip64 records have had their say.
Declared apply_zip64(EndRecord& record, ByteSource& source, Declared narrow) {
  if (record.offset < kLocator64Size) return narrow;
  const std::uint64_t locator = record.offset - kLocator64Size;
  const ByteView view = source.view(locator, kLocator64Size);
  ByteReader fields{view};
  if (as_text(fields.take(4)) != kLocator64Magic) return narrow;
  const auto disk = fields.le<std::uint32_t>();
  const auto pointed_at = fields.le<std::uint64_t>();
  const auto disk_count = fields.le<std::uint32_t>();
  record.multi_disk |= disk != 0 || disk_count > 1;
  record.zip64_ranges.push_back({locator, kLocator64Size});

  const std::vector<Declared64> found = find_records64(source, locator, pointed_at);
  for (const Declared64& wide : found) {
    record.zip64_ranges.push_back({wide.at, std::min(wide.record_size, locator - wide.at)});
    record.multi_disk |= wide.multi_disk;
    narrow = resolved(narrow, wide);
    record.zip64_mismatch |= !agrees(narrow, wide);
    add_places(record, source, wide, wide.at);
  }
  // A prefix that offsets do not count moves the record, which is no lie.
  const std::uint64_t shift = record.places.empty() ? 0 : record.places.front().shift;
  record.zip64_mismatch |= found.size() != 1 || pointed_at + shift != found.front().at;
  return narrow;
}

EndRecord read_end_record(ByteSource& source, Bytes bytes, std::uint64_t offset,
                          std::uint64_t file_size) {
  ByteReader in{bytes};
  in.skip(4);
  const auto disk = in.le<std::uint16_t>();
  const auto directory_disk = in.le<std::uint16_t>();
  const auto here_count = in.le<std::uint16_t>();
  Declared narrow;
  narrow.entry_count = in.le<std::uint16_t>();
  narrow.size = in.le<std::uint32_t>();
  narrow.offset = in.le<std::uint32_t>();

  EndRecord record;
  record.offset = offset;
  record.comment_size = in.le<std::uint16_t>();
  record.end = std::min(file_size, offset + kEndRecordSize + record.comment_size);
  record.multi_disk =
      disk != directory_disk || (disk != 0 && disk != 0xFFFF) || here_count != narrow.entry_count;
  narrow = apply_zip64(record, source, narrow);
  std::uint64_t limit = offset;
  for (const Range& range : record.zip64_ranges) limit = std::min(limit, range.offset);
  add_places(record, source, narrow, limit);
  return record;
}

}  // namespace

EndRecords find_end_records(ByteSource& source) {
  EndRecords found;
  const std::uint64_t file_size = source.size();
  const std::uint64_t tail_size = std::min(file_size, Probe::kTailSize);
  const std::uint64_t tail_offset = file_size - tail_size;
  const ByteView tail = source.view(tail_offset, tail_size);
  const std::string_view text = as_text(tail);

  std::size_t at = text.rfind(kEndMagic);
  while (at != std::string_view::npos) {
    if (text.size() - at >= kEndRecordSize) {
      found.more = found.records.size() >= kMaxEndRecords;
      if (found.more) break;
      found.records.push_back(
          read_end_record(source, clip(tail, at, kEndRecordSize), tail_offset + at, file_size));
    }
    if (at == 0) break;
    at = text.rfind(kEndMagic, at - 1);
  }
  return found;
}

}  // namespace assay::zip
