#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/parse_context.h"

namespace assay::archive {

enum class EntryKind : std::uint8_t { file, directory, symlink, hardlink, device, other };

// One entry of an archive, whichever the archive.
struct Entry {
  std::string name;
  std::string link;  // the target of a link
  EntryKind kind = EntryKind::file;
  std::uint32_t mode = 0;    // permission bits
  std::uint64_t offset = 0;  // of its header in the archive, 0 if unknown
  std::uint64_t header_size = 0;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  std::string method;  // how a file's bytes are kept
};

// Whether extracting to `name` could write outside the directory chosen: it is
// absolute, has a drive letter, a ".." component or a NUL.
bool is_unsafe_name(std::string_view name);

// Whether a link at `name` to `target` leads out of the archive's own tree. A
// symbolic link's target counts from the link's directory, a hard link's from the root.
bool link_escapes(std::string_view name, std::string_view target, EntryKind kind);

// Puts the anomalies of one name into the context.
void report_name(ParseContext& context, std::uint64_t offset, std::uint64_t size,
                 std::string_view name);

// Fails when no member may be shown any more, so that one gap is said for the
// rest of the archive and not one for each of its entries.
Parsed<void> require_members(Budget& budget, std::uint64_t offset);

// Puts what an archive says of its entries into the context: a Member fact for
// each, a Reference for links, and what is odd about names, links and modes.
class EntryChecks {
 public:
  explicit EntryChecks(ParseContext& context) : context_(context) {}
  void report(const Entry& entry);

 private:
  void report_link(const Entry& entry);
  void report_duplicate(const Entry& entry);

  ParseContext& context_;
  // Hashes of the names of files and links: names themselves may be long.
  std::unordered_set<std::size_t> seen_;
};

}  // namespace assay::archive
