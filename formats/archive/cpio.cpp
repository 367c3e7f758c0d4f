#include <algorithm>
#include <limits>

#include "formats/archive/archive.h"
#include "formats/archive/cpio_header.h"
#include "formats/archive/entry_checks.h"
#include "formats/archive/trailing.h"

namespace assay::archive {
namespace {

using namespace cpio_format;

constexpr std::uint64_t kEntryCost = 20;  // in nodes, as for tar headers

EntryKind kind_of_mode(std::uint32_t mode) {
  switch (mode & 0170000) {
    case 0040000:
      return EntryKind::directory;
    case 0120000:
      return EntryKind::symlink;
    case 0010000:
    case 0020000:
    case 0060000:
    case 0140000:
      return EntryKind::device;
    default:
      return EntryKind::file;
  }
}

// Where the next header with a magic in digits stands: GNU cpio and libarchive
// step over what they cannot read.
std::optional<std::uint64_t> find_magic(ByteSource& source, std::uint64_t offset) {
  constexpr std::uint64_t kOverlap = 5;
  constexpr std::uint64_t kScanBlockSize = 4096;  // small: the next is mostly near
  std::optional<std::uint64_t> found;
  std::string tail;
  for_each_block(
      source, offset, std::numeric_limits<std::uint64_t>::max() - offset,
      [&](Bytes block, std::uint64_t at) {
        const std::string text = tail + std::string(as_text(block));
        for (std::size_t i = text.find("07070"); i != std::string::npos && !found;
             i = text.find("07070", i + 1)) {
          if (has_text_magic(as_bytes(std::string_view(text).substr(i)))) {
            found = at - tail.size() + i;
          }
        }
        tail = text.substr(text.size() - std::min<std::size_t>(text.size(), kOverlap));
        return !found;
      },
      kScanBlockSize);
  return found;
}

class Walk {
 public:
  explicit Walk(ParseContext& context)
      : context_(context), source_(context.source()), checks_(context) {}

  Parsed<void> run() {
    while (true) {
      if (!context_.budget().spend(Cost::nodes, kEntryCost)) {
        return std::unexpected(context_.budget().error(offset_));
      }
      const Parsed<Header> header = read_header(source_, offset_);
      if (!header) {
        if (auto done = step_over_junk(header.error()); !done) return done;
        continue;
      }
      if (header->name == kTrailer) break;
      if (auto done = entry(*header); !done) return done;
      offset_ = header->end;
    }
    report_trailing(context_, read_header(source_, offset_)->end);
    return {};
  }

 private:
  Parsed<void> step_over_junk(const ParseError& why) {
    const auto next =
        why.code == ParseErrc::malformed ? find_magic(source_, offset_ + 1) : std::nullopt;
    if (!next) return std::unexpected(why);
    if (auto left = members_left(); !left) return left;
    context_.anomaly(offset_, *next - offset_, "archive.bad-header", why.message);
    SliceSource junk(source_, offset_, *next - offset_);
    context_.member({.name = "damaged-entry", .offset = offset_}, junk);
    offset_ = *next;
    return {};
  }

  Parsed<void> entry(const Header& header) {
    const bool whole =
        header.data_size == 0 || source_.has(header.data_offset + header.data_size - 1);
    Entry entry{.name = header.name,
                .link = {},
                .kind = kind_of_mode(header.mode),
                .mode = header.mode & 07777,
                .offset = offset_,
                .header_size = header.data_offset - offset_,
                .stored_size = header.data_size,
                .size = header.data_size,
                .method = "stored"};
    if (entry.kind == EntryKind::symlink) {
      const auto target =
          read_bytes(source_, header.data_offset, std::min(header.data_size, kMaxTarget));
      entry.link = as_text(target);
    }
    checks_.report(entry);
    if (entry.kind != EntryKind::symlink && (entry.kind == EntryKind::file || entry.size > 0)) {
      if (auto left = members_left(); !left) return left;
      SliceSource bytes(source_, header.data_offset, header.data_size);
      context_.member({.name = entry.name, .offset = header.data_offset}, bytes);
    }
    if (whole) return {};
    return fail(ParseErrc::truncated, header.data_offset, "the archive ends inside an entry");
  }

  Parsed<void> members_left() { return require_members(context_.budget(), offset_); }

  static constexpr std::uint64_t kMaxTarget = 1 << 20;

  ParseContext& context_;
  ByteSource& source_;
  EntryChecks checks_;
  std::uint64_t offset_ = 0;
};

Confidence identify(const Probe& probe) {
  if (has_text_magic(probe.head)) return Confidence::certain;
  if (!has_binary_magic(probe.head)) return Confidence::none;
  // The magic has only 16 bits, so the name must make sense too.
  MemorySource head(probe.head);
  const Parsed<Header> header = read_header(head, 0);
  return header && !header->name.empty() ? Confidence::possible : Confidence::none;
}

Parsed<void> parse(ParseContext& context) { return Walk(context).run(); }

}  // namespace

const Format cpio{"cpio", identify, parse};

}  // namespace assay::archive
