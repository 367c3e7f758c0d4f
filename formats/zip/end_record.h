#pragma once

#include <cstdint>
#include <vector>

#include "core/byte_source.h"

namespace assay::zip {

// One way of reading an end record: where a loader that reads it so looks for
// the central directory.
struct Place {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;         // as declared
  std::uint64_t entry_count = 0;  // as declared
  std::uint64_t limit =
      0;  // no entry reaches past it: where the end records begin, or the file ends
  // Added to each entry's local header offset (modulo 2^64): data stands before
  // the archive that its offsets do not count.
  std::uint64_t shift = 0;

  // The declared offset lies behind the directory: bytes were cut off in front,
  // or never there.
  bool shifts_down() const { return shift > INT64_MAX; }
};

struct Range {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// An end-of-central-directory record (APPNOTE 4.3.16) with its zip64 twin.
// Loaders differ: Python's zipfile finds the directory backwards from the
// record and the zip64 record right before its locator; miniz (PyTorch) trusts
// both offsets; Info-ZIP takes zip64 values only where asked. `places` holds
// each reading under which a directory is really there, without repetition.
struct EndRecord {
  std::uint64_t offset = 0;
  std::uint64_t comment_size = 0;  // as declared
  std::uint64_t end = 0;           // after the comment, at most the end of the file
  std::vector<Place> places;
  std::vector<Range> zip64_ranges;  // the zip64 record and its locator
  bool zip64_mismatch = false;
  bool multi_disk = false;
};

struct EndRecords {
  std::vector<EndRecord> records;  // the last in the file first: that is the one loaders take
  bool more = false;               // kMaxEndRecords were found, and further ones left alone
};

inline constexpr std::size_t kMaxEndRecords = 64;

// All end records in the last 65,557 bytes, also those that lead nowhere.
EndRecords find_end_records(ByteSource& source);

}  // namespace assay::zip
