#include "provenance/git/tree.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "core/byte_reader.h"
#include "core/text.h"

namespace assay::provenance::git {
namespace {

// Modes that git writes today, and 100664 of its first versions.
std::optional<EntryKind> kind_of(std::string_view mode) {
  if (mode == "100644" || mode == "100755" || mode == "100664") return EntryKind::file;
  if (mode == "120000") return EntryKind::link;
  if (mode == "40000") return EntryKind::folder;
  if (mode == "160000") return EntryKind::submodule;
  return std::nullopt;
}

bool is_dot_git(std::string_view name) {
  return name.size() == 4 && name[0] == '.' &&
         std::ranges::equal(name.substr(1), std::string_view("git"),
                            [](unsigned char a, char b) { return std::tolower(a) == b; });
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && !name.contains('/') && !is_dot_git(name);
}

// git sorts a folder as if a slash ended its name.
std::string sorting_name(const TreeEntry& entry) {
  return entry.kind == EntryKind::folder ? entry.name + "/" : entry.name;
}

std::unexpected<ParseError> malformed(std::uint64_t offset, const char* what) {
  return fail(ParseErrc::malformed, offset, std::string("a tree ") + what);
}

}  // namespace

Parsed<std::vector<TreeEntry>> parse_tree(Bytes content) {
  std::vector<TreeEntry> entries;
  ByteReader in{content};
  while (in.remaining() > 0) {
    const std::uint64_t at = in.offset();
    const std::string_view mode = as_text(in.take_until(std::byte{' '}));
    const std::string_view name = as_text(in.take_until(std::byte{0}));
    const Bytes id = in.take(20);
    if (in.error()) return malformed(at, "is cut");
    const auto kind = kind_of(mode);
    if (!kind) return malformed(at, "has a mode that git does not write");
    if (!is_plain_name(name)) return malformed(at, "has a name that leads elsewhere");
    TreeEntry entry{std::string(name), *kind, hex(id)};
    if (!entries.empty() && sorting_name(entries.back()) >= sorting_name(entry)) {
      return malformed(at, "is out of order");
    }
    // "a" as file and as folder are apart in the order.
    if (entry.kind == EntryKind::folder &&
        std::ranges::binary_search(entries, entry.name, {}, sorting_name)) {
      return malformed(at, "has a name twice");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace assay::provenance::git
