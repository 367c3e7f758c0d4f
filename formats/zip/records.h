#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/source_reader.h"

namespace assay::zip {

// The records of a zip (PKWARE APPNOTE.TXT 6.3.10, section 4.3), as they stand
// in the file. Offsets and sizes are untrusted until compared with the file.

inline constexpr std::string_view kLocalMagic{"PK\x03\x04", 4};
inline constexpr std::string_view kCentralMagic{"PK\x01\x02", 4};
inline constexpr std::string_view kEndMagic{"PK\x05\x06", 4};
inline constexpr std::string_view kEnd64Magic{"PK\x06\x06", 4};
inline constexpr std::string_view kLocator64Magic{"PK\x06\x07", 4};
inline constexpr std::string_view kDescriptorMagic{"PK\x07\x08", 4};

inline constexpr std::uint64_t kLocalHeaderSize = 30;
inline constexpr std::uint64_t kCentralEntrySize = 46;
inline constexpr std::uint64_t kEndRecordSize = 22;
inline constexpr std::uint64_t kEndRecord64Size = 56;
inline constexpr std::uint64_t kLocator64Size = 20;

inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflate = 8;
inline constexpr std::uint16_t kBzip2 = 12;
inline constexpr std::uint16_t kLzma = 14;
inline constexpr std::uint16_t kOldZstd = 20;  // until APPNOTE 6.3.8
inline constexpr std::uint16_t kZstd = 93;
inline constexpr std::uint16_t kXz = 95;
inline constexpr std::uint16_t kAes = 99;

// General purpose flags (4.4.4).
inline constexpr std::uint16_t kFlagEncrypted = 0x1;
inline constexpr std::uint16_t kFlagLzmaEndMarker = 0x2;  // with LZMA alone
inline constexpr std::uint16_t kFlagDescriptor = 0x8;
inline constexpr std::uint16_t kFlagPatched = 0x20;
inline constexpr std::uint16_t kFlagStrong = 0x40;
inline constexpr std::uint16_t kFlagUtf8 = 0x800;
inline constexpr std::uint16_t kFlagMasked = 0x2000;
// What makes one reader refuse a member that another one reads (CVE-2025-1945).
inline constexpr std::uint16_t kFlagsRefused = kFlagPatched | kFlagStrong | kFlagMasked;

// What a local header and a central entry both say of a member. Sizes come from
// the zip64 extra field where the 32-bit ones ask for it.
struct Fields {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  std::string_view name;
  Bytes extra;
  bool zip64_odd = false;  // its zip64 field is too short, or disagrees and was not asked for
};

struct LocalHeader {
  Fields fields;
  bool has_magic = false;
  std::uint64_t header_size = 0;  // with name and extra field: the data follows
};

struct CentralEntry {
  Fields fields;
  std::uint64_t local_offset = 0;  // as written: the directory's shift is not in it
  std::uint32_t attributes = 0;    // external: the upper half is a Unix mode
  std::uint16_t disk = 0;
  std::uint64_t offset = 0;  // of this record in the archive
  std::uint64_t record_size = 0;
};

// The local header at `offset`, magic or not; nothing when it reaches past the
// end. The name stays good until `in` is used again.
std::optional<LocalHeader> read_local_header(SourceReader& in, std::uint64_t offset);

// The central entry at the front of `bytes`, which stand at `offset` in the
// archive; nothing when there is none.
std::optional<CentralEntry> read_central_entry(Bytes bytes, std::uint64_t offset);

// The content of the extra field `id`; nothing when it is not there.
std::optional<Bytes> extra_field(Bytes extra, std::uint16_t id);

// "stored", "deflate", "bzip2" ... or "method 77".
std::string method_name(std::uint16_t method);

}  // namespace assay::zip
