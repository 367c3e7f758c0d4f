#pragma once

#include "core/format.h"

namespace assay::zip {

// ZIP archives (PKWARE APPNOTE.TXT 6.3.10), and by their entries npz, keras,
// mar, skops and the torch family (formats/torch/layout.h).
//
// A zip tells everything twice, and loaders believe different halves: Python's
// zipfile the central directory, miniz (PyTorch) the directory's offsets and the
// local header's lengths, streaming readers the local headers alone. Both are
// read here. Where they differ, the member is examined every way it could be
// read, and the difference is an anomaly:
//
//   local header against central entry (CVE-2025-1944, CVE-2025-1945)
//     zip.local-name-differs   zip.local-method-differs   zip.local-size-differs
//     zip.local-flags-differ   zip.local-crc-differs      zip.descriptor-differs
//     zip.bad-local-magic      no local header where the entry points
//     zip.zip64-mismatch       zip64 values that are missing, or differ unasked
//   directory and end records
//     zip.multiple-end-records      zip.comment-holds-end-record
//     zip.two-directories           readers of one end record find different ones
//     zip.entry-count-differs       zip.directory-size-differs      zip.multi-disk
//     zip.directory-offset-differs  the directory stands before its offset
//   what no entry claims
//     zip.hidden-member        a local header that no central entry points to
//     zip.overlap              members, or members and directory, share bytes
//     zip.gap-bytes   zip.prefix-data   zip.trailing-data   zip.zero-padding
//   content against what is declared
//     zip.crc-mismatch  (CVE-2025-10156; stored members up to 64 MiB)
//     zip.size-mismatch
//     zip.encrypted-flag       flagged as encrypted, yet in plain
//     zip.refused-flags        bits 5, 6 or 13, which only some readers refuse
//   names
//     zip.duplicate-name   zip.case-collision   zip.unicode-path-differs
//     zip.unsafe-name          absolute, drive, network path, "..", NUL, empty
//     zip.backslash-name   zip.directory-with-data
//     zip.symlink   zip.symlink-escapes   zip.special-file
//
// Facts: Member for each entry, hidden ones too; Reference "link" for symbolic
// links; Metadata torch.root, torch.version, torch.byteorder,
// torch.serialization_id, zip.comment. Encrypted members, and methods other than
// stored and those of expand.h, are gaps.
extern const Format format;

}  // namespace assay::zip
