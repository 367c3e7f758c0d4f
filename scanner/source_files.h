#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "scanner/file_source.h"

namespace assay {

enum class LinkKind : std::uint8_t {
  none,
  inside,   // to a file below the source
  to_blob,  // from a snapshot of the Hub's cache into its repository's blobs
  outside,  // elsewhere, to a directory or to nothing: never opened
};

// One thing to look at, found by name. `report_path` is relative to the source.
struct SourceFile {
  std::string report_path;
  std::string system_path;  // for open(2); never shown. Below `fence` if there is one
  std::shared_ptr<const FileDescriptor> fence = nullptr;  // a directory that nothing leads out of
  std::optional<ParseError> problem;                      // why it cannot be opened as a file
  bool left_out = false;                                  // excluded on purpose
  bool is_stdin = false;
  LinkKind link = LinkKind::none;
};

// Globs in the sense of fnmatch(3) with FNM_PATHNAME: one without a slash is
// compared with the last component, one with a slash with the whole path.
struct Selection {
  std::vector<std::string> include;  // empty: everything
  std::vector<std::string> exclude;

  bool leaves_out(std::string_view report_path) const;
};

// What signatures and statements about NAME are called, beside it.
inline constexpr std::array<std::string_view, 9> kEvidenceSuffixes{
    ".sigstore.json", ".sigstore", ".bundle", ".sig",    ".intoto.jsonl",
    ".intoto.json",   ".p7s",      ".asc",    ".minisig"};

struct SourceListing {
  std::vector<SourceFile> files;  // sorted by report_path
  // What may be evidence of a source that is one file: its neighbours of the same name
  // and a suffix of kEvidenceSuffixes. Not part of the source.
  std::vector<SourceFile> beside;
  std::string uri;   // what the report calls the source; never absolute
  std::string kind;  // "path" or "stdin"
};

// Lists what `sources` (paths, or "-" for standard input) hold. Directories are
// walked without following links to directories; a link to a file is followed
// when its target lies inside the source (or inside the cache repository that a
// Hub snapshot belongs to). What is not a regular file is listed with its
// problem, and so is a source that does not exist.
SourceListing list_sources(const std::vector<std::string>& sources, const Selection& selection);

// Opens a listed file for reading, without waiting on FIFOs and the like. What
// was found in a directory is opened below it even when somebody has put a link
// in its way since (openat2(2), Linux 5.6).
Parsed<FileDescriptor> open_file(const SourceFile& file);

// Copies standard input into an unlinked temporary file.
Parsed<FileDescriptor> spool_stdin();

}  // namespace assay
