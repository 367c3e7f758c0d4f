#pragma once

#include "core/format.h"

namespace assay::archive {

// Archives and compressed streams. An archive's entries and the one content of
// a compressed stream become members; both are recognised by content alone.
//
// Of torch's legacy tar: Metadata torch.weights_only (formats/pickle/weights_only.h).
//
// Anomaly codes:
//   archive.unsafe-name        absolute, "..", a drive letter or NUL in a member's name
//   archive.odd-name           a backslash in a name: a separator to some readers only
//   archive.link-escapes       a link whose target lies outside the archive
//   archive.device             a device node or a FIFO
//   archive.setuid             a regular file that asks for set-user-id or set-group-id
//   archive.duplicate-name     two files, or a file and a link, of one name
//   archive.checksum           a tar header whose checksum is wrong: readers stop, or skip on
//   archive.bad-header         a header field or record that readers refuse or read differently
//   archive.pax-overrides      a PAX record contradicts the header: old readers see another file
//   archive.ambiguous-data     an entry that should hold no data declares some: readers differ
//                              on where the next header stands
//   archive.members-after-end  members behind the end-of-archive blocks
//   archive.trailing-data      bytes behind the end that belong to no member
extern const Format tar;
extern const Format sevenzip;
extern const Format cpio;
extern const Format rar;
extern const Format gzip;
extern const Format bzip2;
extern const Format xz;
extern const Format lzma;
extern const Format zstd;
extern const Format lz4;
extern const Format zlib;

// Loads what libarchive and the C library would look for in files later (the
// locale and converters of names, the time zone), for a process that soon may
// open none.
void prepare();

}  // namespace assay::archive
